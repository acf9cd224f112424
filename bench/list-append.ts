import { listAppend } from '../checkers/index.ts';
import type { History, Json, Operation } from '../histories/index.ts';

/**
 * Strictly serializable histories: 10 processes, 1 to 4 micro-operations a transaction, half of them reads, on 10 keys at a time of which
 * each is twice as frequent as the next; after 32 appends a key makes room for a new one. Transactions take effect when they complete.
 */
function history(transactions: number, concurrency = 10, active = 10, writesPerKey = 32): History {
  let seed = 42;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
  const events: Operation[] = [];
  const lists: number[][] = [];
  const appended: number[] = [];
  const keys = Array.from({ length: active }, (_, key) => key);
  let fresh = active;
  const open: (readonly Json[][] | undefined)[] = new Array(concurrency).fill(undefined);
  let started = 0;
  let running = 0;
  const push = (process: number, type: 'invoke' | 'ok', value: Json): void => {
    events.push({ index: events.length, time: events.length * 1000, process, type, f: 'txn', value });
  };
  while (started < transactions || running > 0) {
    const process = random(concurrency);
    const micros = open[process];
    if (micros !== undefined) {
      const done = micros.map(([f, key, value]): Json[] => {
        lists[key as number] ??= [];
        const list = lists[key as number]!;
        if (f === 'r') return ['r', key!, list.slice()];
        list.push(value as number);
        return ['append', key!, value!];
      });
      open[process] = undefined;
      running--;
      push(process, 'ok', done);
    } else if (started < transactions) {
      const value = Array.from({ length: 1 + random(4) }, (): Json[] => {
        const place = Math.min(active - 1, 31 - Math.clz32(1 + random(2 ** active - 1)));
        const key = keys[place]!;
        if (random(2) === 0) return ['r', key, null];
        const element = (appended[key] ?? 0) + 1;
        appended[key] = element;
        if (element === writesPerKey) keys[place] = fresh++;
        return ['append', key, element];
      });
      open[process] = value;
      started++;
      running++;
      push(process, 'invoke', value);
    }
  }
  return {
    header: { sixways: 1, world: 'imported' },
    events,
    footer: { events: events.length, content: '' },
  };
}

for (const size of process.argv.slice(2).map(Number)) {
  const input = history(size);
  const seconds: number[] = [];
  for (let round = 0; round < (size > 200_000 ? 2 : 5); round++) {
    const from = process.cpuUsage();
    const { validity, figures } = listAppend.check(input, {}, {});
    const { user, system } = process.cpuUsage(from);
    seconds.push((user + system) / 1e6);
    if (validity !== 'valid') throw new Error(`expected valid, got ${validity}: ${JSON.stringify(figures)}`);
    if (round === 0) console.log(JSON.stringify(figures));
  }
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  const [first, best] = [seconds[0]!, Math.min(...seconds)].map((time) => time.toFixed(2));
  console.log(`${size} transactions: first ${first} s, best ${best} s of CPU, ${memory} MiB resident`);
}

import type { History, Json, Operation, OperationType } from '../histories/index.ts';

/** A linear congruential generator: a bench needs no more. Gives integers below the bound. */
function generator(): (below: number) => number {
  let seed = 42;
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
}

/** What a store does with transactions: makes one up, and performs it at once when it completes. */
interface Store {
  draw(random: (below: number) => number): Json[][];
  perform(micros: readonly (readonly Json[])[]): Json[][];
}

/** Strictly serializable: each process runs one transaction after the other, which takes effect when it completes. */
function run(store: Store, transactions: number, processes: number): History {
  const random = generator();
  const events: Operation[] = [];
  const open: (Json[][] | undefined)[] = new Array(processes).fill(undefined);
  let started = 0;
  let running = 0;
  const push = (process: number, type: OperationType, value: Json): void => {
    events.push({ index: events.length, time: events.length * 1000, process, type, f: 'txn', value });
  };
  while (started < transactions || running > 0) {
    const process = random(processes);
    const micros = open[process];
    if (micros !== undefined) {
      open[process] = undefined;
      running--;
      push(process, 'ok', store.perform(micros));
    } else if (started < transactions) {
      const value = store.draw(random);
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

/**
 * 10 processes, 1 to 4 micro-operations a transaction, half of them reads, on 10 keys at a time of which each is twice as frequent as the next;
 * after 32 appends a key makes room for a new one.
 */
export function listHistory(transactions: number): History {
  const active = 10;
  const lists: number[][] = [];
  const appended: number[] = [];
  const keys = Array.from({ length: active }, (_, key) => key);
  let fresh = active;
  const store: Store = {
    draw: (random) =>
      Array.from({ length: 1 + random(4) }, (): Json[] => {
        const place = Math.min(active - 1, 31 - Math.clz32(1 + random(2 ** active - 1)));
        const key = keys[place]!;
        if (random(2) === 0) return ['r', key, null];
        const element = (appended[key] ?? 0) + 1;
        appended[key] = element;
        if (element === 32) keys[place] = fresh++;
        return ['append', key, element];
      }),
    perform: (micros) =>
      micros.map(([f, key, value]): Json[] => {
        lists[key as number] ??= [];
        const list = lists[key as number]!;
        if (f === 'r') return ['r', key!, list.slice()];
        list.push(value as number);
        return ['append', key!, value!];
      }),
  };
  return run(store, transactions, 10);
}

/** 50 processes, 8 micro-operations a transaction, half of them reads, on 1,000 keys; each key's values count from 1. */
export function registerTransactions(transactions: number): History {
  const registers: Json[] = new Array<Json>(1000).fill(null);
  const written = new Array<number>(1000).fill(0);
  const store: Store = {
    draw: (random) =>
      Array.from({ length: 8 }, (): Json[] => {
        const key = random(1000);
        return random(2) === 0 ? ['r', key, null] : ['w', key, ++written[key]!];
      }),
    perform: (micros) =>
      micros.map((micro): Json[] => {
        const key = micro[1] as number;
        if (micro[0] === 'r') return ['r', key, registers[key]!];
        registers[key] = micro[2]!;
        return micro as Json[];
      }),
  };
  return run(store, transactions, 50);
}

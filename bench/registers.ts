import { causal, pram, sequential, sessionGuarantees, type Verdict } from '../checkers/index.ts';
import type { History, Operation } from '../histories/index.ts';
import type { Figure } from './measure.ts';

const SESSIONS = 50;
const KEYS = 1000;

/**
 * Sequentially consistent, not linearizable: one log of writes, of which each session has seen a prefix that holds its own writes and grows by up to
 * ten writes a read. Half of the operations are reads.
 */
function laggingHistory(operations: number): History {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
  const events: Operation[] = [];
  /** By key, the positions in the log of its writes; the value is the position. */
  const written: number[][] = Array.from({ length: KEYS }, () => []);
  const prefix = new Array<number>(SESSIONS).fill(0);
  let length = 0;
  const record = (
    process: number,
    f: string,
    key: number,
    argument: number | null,
    result: number | null,
  ) => {
    for (const [type, value] of [['invoke', argument] as const, ['ok', result] as const]) {
      events.push({ index: events.length, time: events.length * 1000, process, type, f, key, value });
    }
  };
  for (let n = 0; n < operations; n++) {
    const session = random(SESSIONS);
    const key = random(KEYS);
    if (random(2) === 0) {
      length++;
      written[key]!.push(length);
      prefix[session] = length;
      record(session, 'write', key, length, length);
    } else {
      prefix[session] = Math.min(length, prefix[session]! + random(10));
      const seen = written[key]!.findLast((position) => position <= prefix[session]!);
      record(session, 'read', key, null, seen ?? null);
    }
  }
  return { header: { sixways: 1, world: 'imported' }, events };
}

const CHECKS: { readonly [name: string]: (history: History) => Verdict } = {
  'session-guarantees': (history) => sessionGuarantees.check(history, {}, {}),
  'causal, CC': (history) => causal.check(history, { variant: 'CC' }, {}),
  'causal, CCv': (history) => causal.check(history, { variant: 'CCv' }, {}),
  'causal, CM': (history) => causal.check(history, { variant: 'CM' }, {}),
  pram: (history) => pram.check(history, {}, {}),
  sequential: (history) => sequential.check(history, {}, {}),
};

const NEAR_LINEAR = ['session-guarantees', 'causal, CC', 'causal, CCv'];

/** In the forced order or in views of single sessions: more than linear, so in smaller histories. */
const VIEWS = ['causal, CM', 'pram'];

export async function registersFigures(): Promise<Figure[]> {
  const what = `${SESSIONS} sessions, ${KEYS} keys, half reads, CPU`;
  const small = measured(10_000, [...NEAR_LINEAR, 'sequential'], 5);
  const middle = measured(100_000, [...NEAR_LINEAR, ...VIEWS], 2);
  const large = measured(1_000_000, NEAR_LINEAR, 1);
  const seconds = (size: string, times: ReadonlyMap<string, number>) => (name: string) => ({
    name,
    what: `${size} operations, ${what}`,
    value: times.get(name)!,
    unit: 's',
  });
  return [
    ...NEAR_LINEAR.flatMap((name): Figure[] => [
      seconds('100 k', middle)(name),
      seconds('1 M', large)(name),
      {
        name: `${name}, growth`,
        what: 'exponent from 10 k to 1 M operations',
        value: Math.log(large.get(name)! / small.get(name)!) / Math.log(100),
        unit: '',
        target: { atMost: 1.15 },
      },
    ]),
    ...VIEWS.map(seconds('100 k', middle)),
    seconds('10 k', small)('sequential'),
  ];
}

/** Seconds of CPU by checker, the least of the rounds, each over events in an array of its own: what checkers remember of one does not count. */
function measured(operations: number, names: readonly string[], rounds: number): Map<string, number> {
  const { header, events } = laggingHistory(operations);
  const least = new Map<string, number>();
  for (const name of names) {
    for (let round = 0; round < rounds; round++) {
      const fresh = { header, events: events.slice() };
      const from = process.cpuUsage();
      const { validity, reason } = CHECKS[name]!(fresh);
      const { user, system } = process.cpuUsage(from);
      if (validity !== 'valid') throw new Error(`${name}: expected valid, got ${validity} (${reason})`);
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / 1e6));
    }
  }
  return least;
}

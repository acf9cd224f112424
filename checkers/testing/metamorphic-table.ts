import fc, { type Arbitrary } from 'fast-check';
import { type History, type HistoryEvent, isObservation, type Json } from '../../histories/index.ts';
import { insertHistory, insertions } from '../adya-g2/testing/arbitrary.ts';
import { bankHistories } from '../bank/testing/arbitrary.ts';
import { registerHistories } from '../causal-reverse/testing/arbitrary.ts';
import type { Checker } from '../checker.ts';
import { brokenLockHistories } from '../coordination/fenced-lock/testing/arbitrary.ts';
import { counterHistories, misread } from '../counter/testing/arbitrary.ts';
import { missummed, orSetHistories, sumHistories, toggled } from '../crdt/testing/arbitrary.ts';
import * as library from '../index.ts';
import { logHistories, mispolled } from '../kafka/testing/arbitrary.ts';
import { messagesHistories } from '../messages/testing/arbitrary.ts';
import { replicatedHistories } from '../sessions/testing/replicated.ts';
import { FINAL, misreadSet, setHistories, tornSetHistories } from '../set-full/testing/arbitrary.ts';
import { siblingsHistories } from '../siblings/testing/arbitrary.ts';
import { misdelivered, queueHistories } from '../total-queue/testing/arbitrary.ts';
import { mutatedHistories } from '../transactions/testing/arbitrary.ts';
import { claimHistories } from './claim-histories.ts';
import { executions, spoiled } from './executions.ts';
import { idHistories } from './id-histories.ts';
import {
  type Change,
  cutShort,
  everyNumber,
  otherHosts,
  otherKeys,
  otherNotedKeys,
  otherOrder,
  otherProcesses,
  otherTime,
  otherValues,
  withLost,
} from './metamorphic.ts';
import { withChanges } from './objects.ts';
import { observationHistories } from './observation-histories.ts';
import { mapEvents, serviceHistories } from './service-histories.ts';
import { streamHistories } from './stream-histories.ts';

/** What leaves the verdict as it is; in words why something does not. */
export interface Row {
  readonly checker: Checker<never>;
  readonly options?: { readonly [option: string]: Json };
  readonly histories: Arbitrary<History>;
  /** Why only the kinds of anomalies stay the same, and not their numbers. */
  readonly kindsOnly?: string;
  readonly processes: Change | string;
  readonly keys: Change | string;
  readonly values: Change | string;
  readonly time: Change | string;
  readonly order: Change | string;
  /** What makes no valid history invalid, or unknown. */
  readonly lost: Change | string;
  /** What makes no valid history invalid. */
  readonly cut: Change | string;
}

const ORDER_ONLY = otherTime(3, 7e9);
const opaque = everyNumber((number) => `value ${number}`);
const initialKept = everyNumber((number) => (number === 0 ? 0 : `value ${number}`));
const tripled = everyNumber((number) => 3 * number);

const usual = {
  processes: otherProcesses,
  keys: otherKeys,
  values: opaque,
  time: ORDER_ONLY,
  order: otherOrder(),
  cut: cutShort,
};

const replicated = replicatedHistories({ threads: 3, steps: 14, unique: true, mutations: 3, writes: 5 });
const insertHistories = insertions.map(insertHistory);

const sessions = {
  ...usual,
  options: { initial: 0 },
  histories: replicated,
  values: initialKept,
  lost: withLost({ f: 'write', key: 'x', value: 77 }),
};

/** What is in logs and transactions: names of keys, and what is sent; offsets stay. */
const inLogs = (key: (name: string) => string, message: (value: Json) => Json): Change =>
  otherValues((value) =>
    (value as readonly Json[]).map((micro): Json => {
      const [f, on, what] = micro as readonly Json[];
      if (f === 'send') {
        const sent = Array.isArray(what) ? [what[0]!, message(what[1]!)] : message(what ?? null);
        return ['send', key(on as string), sent];
      }
      if (on === undefined) return ['poll'];
      const polled = Object.entries(on as { [key: string]: readonly (readonly [number, Json])[] });
      return [
        'poll',
        Object.fromEntries(
          polled.map(([name, pairs]) => [key(name), pairs.map(([at, one]) => [at, message(one)])]),
        ),
      ];
    }),
  );

const inTransactions = (key: (name: string) => string, element: (value: number) => Json): Change =>
  otherValues((value) =>
    (value as readonly Json[]).map((micro): Json => {
      const [f, on, what] = micro as readonly [string, Json, number | readonly number[] | null];
      const seen = typeof what === 'number' ? element(what) : (what?.map(element) ?? null);
      return [f, key(String(on)), seen];
    }),
  );

const transactions = {
  ...usual,
  options: { model: 'strict-serializable' },
  keys: inTransactions(
    (name) => `key ${name}`,
    (value) => value,
  ),
  values: inTransactions(
    (name) => name,
    (value) => `value ${value}`,
  ),
};

const registers = {
  ...usual,
  histories: spoiled(executions({ threads: 3, steps: 9, unique: true })),
  lost: withLost({ f: 'write', key: 'x', value: 7777 }),
};

/** Other names of accounts, in transfers and reads. */
const otherAccounts = otherValues((value): Json => {
  if (value === null) return null;
  const entries = Object.entries(value as { [name: string]: number });
  return Object.fromEntries(
    'amount' in (value as object)
      ? entries.map(([name, what]) => [name, name === 'amount' ? what : `account ${what}`])
      : entries.map(([account, balance]) => [`account ${account}`, balance]),
  );
});

const inTerms =
  (change: (term: number) => number): Change =>
  (history) =>
    mapEvents(history, (event) =>
      isObservation(event)
        ? { ...event, data: { term: change((event.data as { term: number }).term) } }
        : event,
    );

const isNote = ({ type }: HistoryEvent) => type === 'note';
const isMembers = (event: HistoryEvent) => 'kind' in event && event.kind === 'members';

const PLACEMENTS = ['owner', 'owner', 'owner', 'owner', 'owner', 'owner', 'members', 'members'] as const;
const LOOKUPS = ['cache', 'cache', 'cache', 'cache', 'owner', 'members', 'hit', 'miss'] as const;

export const ROWS: readonly Row[] = [
  { ...registers, checker: library.linearizable, options: { model: 'cas-register' } },
  {
    ...registers,
    checker: library.durability,
    cut: 'a later final read may return what an earlier one misses',
  },
  { ...registers, checker: library.corruption },
  { ...registers, checker: library.staleness, options: { versions: 1 } },
  {
    ...transactions,
    checker: library.listAppend,
    kindsOnly:
      'where the longest reads of a key disagree, the first of them is what the others are compared with',
    histories: mutatedHistories('list', 6, 1),
    lost: withLost({ f: 'txn', value: [['append', 'x', 7777]] }),
  },
  {
    ...transactions,
    checker: library.rwRegister,
    histories: mutatedHistories('register', 6, 1),
    lost: withLost({ f: 'txn', value: [['w', 'x', 7777]] }),
  },
  {
    ...usual,
    checker: library.counter,
    histories: withChanges(counterHistories, 2, misread),
    values: everyNumber((number) => -3 * number),
    lost: withLost({ f: 'add', value: 100 }),
  },
  {
    ...usual,
    checker: library.totalQueue,
    options: { exactlyOnce: true },
    histories: withChanges(queueHistories, 2, misdelivered),
    lost: withLost({ f: 'enqueue', value: 77 }),
    cut: 'an element may come out after the queue was found empty: who looks earlier misses it',
  },
  {
    ...usual,
    checker: library.kafka,
    histories: withChanges(logHistories, 2, mispolled),
    keys: inLogs(
      (key) => (key === 'x' ? 'a log' : `log ${key}`),
      (value) => value,
    ),
    values: inLogs(
      (key) => key,
      (value) => `message ${value}`,
    ),
    lost: withLost({ f: 'txn', value: [['send', 'x', 7777]] }),
  },
  {
    ...usual,
    checker: library.uniqueIds,
    histories: idHistories.map(({ history }) => history),
    values: otherValues((value, { type }) => (type === 'ok' ? ['id', value] : value)),
    lost: withLost({ f: 'generate', key: 'x', value: null }),
  },
  {
    ...usual,
    checker: library.leaderElection,
    histories: claimHistories.map(({ history }) => history),
    processes: otherHosts,
    keys: 'claims of hosts have no keys',
    values: inTerms((term) => 100 - 3 * term),
    order: otherOrder((a, b) => isNote(a) && isNote(b)),
    lost: withLost({ f: 'elect', value: null }),
  },
  {
    ...usual,
    checker: library.fencedLock,
    histories: brokenLockHistories,
    values: tripled,
    lost: withLost({ f: 'acquire', value: null }),
  },
  {
    ...usual,
    checker: library.crdtSet,
    options: { harmless: ['sync'] },
    histories: withChanges(orSetHistories, 2, toggled),
    lost: withLost({ f: 'add', value: 77, node: 'n1' }),
  },
  {
    ...usual,
    checker: library.messages,
    histories: messagesHistories,
    processes: (history, draw) => otherHosts(otherProcesses(history, draw), draw),
    values: everyNumber((number) => 100 - 3 * number),
    lost: withLost({ f: 'send', key: 'x', value: 777 }),
  },
  {
    ...usual,
    checker: library.siblings,
    histories: siblingsHistories,
    values: everyNumber((number) => 100 - 3 * number),
    lost: withLost({ f: 'put', key: 'x', value: [77, []] }),
  },
  {
    ...usual,
    checker: library.crdtCounter,
    histories: withChanges(sumHistories, 1, missummed),
    values: everyNumber((number) => -3 * number),
    lost: withLost({ f: 'add', value: 1000 }),
  },
  {
    ...usual,
    checker: library.bank,
    histories: bankHistories,
    keys: (history, draw) => otherAccounts(otherKeys(history, draw), draw),
    values: otherValues((value, { f }): Json => {
      if (value === null) return null;
      const entries = Object.entries(value as { [name: string]: number });
      const isMoney = (name: string) => f === 'read' || name === 'amount';
      return Object.fromEntries(entries.map(([name, what]) => [name, isMoney(name) ? 3 * what : what]));
    }),
    lost: withLost({ f: 'transfer', value: { from: 0, to: 1, amount: 1 } }),
  },
  {
    ...usual,
    checker: library.adyaG2,
    histories: insertHistories,
    lost: withLost({ f: 'insert', key: '0', value: [77, null] }),
  },
  {
    ...usual,
    checker: library.causalReverse,
    histories: registerHistories,
    lost: withLost({ f: 'write', value: 77 }),
  },
  {
    ...usual,
    checker: library.convergence,
    histories: spoiled(executions({ threads: 2, steps: 6, unique: true })),
    lost: withLost({ f: 'write', key: 'x', value: 77 }),
  },
  {
    ...usual,
    checker: library.monotonic,
    options: { between: 'client' },
    histories: replicatedHistories({ threads: 2, steps: 16, unique: true, mutations: 6, writes: 6 }),
    values: everyNumber((number) => number ** 3 + 5),
    lost: withLost({ f: 'read', key: 'x', value: null }),
  },
  {
    ...sessions,
    checker: library.sequential,
    cut: 'real time does not count: a read may return what is written later',
  },
  { ...sessions, checker: library.sessionGuarantees },
  { ...sessions, checker: library.pram },
  { ...sessions, checker: library.causal },
  {
    ...usual,
    checker: library.set,
    histories: withChanges(setHistories(6, FINAL), 2, misreadSet),
    lost: withLost({ f: 'add', value: 77 }),
    cut: 'an earlier read becomes the final one, and it may lack what came later',
  },
  {
    ...usual,
    checker: library.setFull,
    options: { linearizable: true },
    histories: fc.oneof(withChanges(setHistories(6, FINAL), 2, misreadSet), tornSetHistories),
    lost: withLost({ f: 'add', value: 77 }),
  },
  {
    ...usual,
    checker: library.keyMovement,
    options: { most: 0.5, placement: 'owner' },
    histories: observationHistories(PLACEMENTS),
    processes: (history, draw) => otherHosts(otherProcesses(history, draw), draw),
    keys: otherNotedKeys,
    values: 'no values are looked at',
    order: otherOrder((a, b) => isNote(a) && isNote(b) && !isMembers(a) && !isMembers(b)),
    lost: withLost({ f: 'read', key: 'x', value: null }),
    cut: 'a share of the keys: those that stay may be seen later',
  },
  {
    ...usual,
    checker: library.goodput,
    options: { perSecond: 50, deadline: 5e6 },
    histories: serviceHistories,
    values: 'no values are looked at',
    time: otherTime(1, 7e9),
    order: 'latencies change',
    lost: 'it may lengthen the time in which something was asked for',
    cut: 'a rate: the good part may come later',
  },
  {
    ...usual,
    checker: library.tokenStream,
    options: { prefixHitRate: 0.5, gapWithin: 4e6, percentile: 50 },
    histories: streamHistories,
    values: 'they are what is judged',
    lost: withLost({ f: 'generate', value: null }),
    cut: 'a rate and percentiles: the good part may come later',
  },
  {
    ...usual,
    checker: library.cacheHitRate,
    options: { floor: 0.5 },
    histories: observationHistories(LOOKUPS),
    processes: otherHosts,
    keys: otherNotedKeys,
    values: 'no values are looked at',
    order: otherOrder((a, b) => isNote(a) && isNote(b)),
    lost: withLost({ f: 'read', key: 'x', value: null }),
    cut: 'a rate: the hits may come later',
  },
];

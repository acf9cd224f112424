/**
 * Over how many small histories, most of them with a planted anomaly, each checker is compared with its definition or brute force when the test suite
 * runs; by file. `npm run soak -- --only brute-force` compares 20,000 for each row, with another seed.
 */
export const COMPARISONS = {
  'linearizable/models.property.test.ts': {
    'linearizable: register': 4000,
    'linearizable: register, unique writes (zones)': 20_000,
    'linearizable: cas-register': 5000,
    'linearizable: cas-register, failures observed': 4000,
    'linearizable: kv': 2500,
    'linearizable: set': 1600,
    'linearizable: set, also read whole': 1600,
    'linearizable: map': 1600,
    'linearizable: map, also read whole': 1600,
    'linearizable: counter': 1600,
    'linearizable: multi-register, reads and writes': 1600,
    'linearizable: multi-register, transactions': 1600,
    'linearizable: queue': 1600,
    'linearizable: fifo-queue': 1600,
    'linearizable: stack': 1600,
    'linearizable: mutex': 1600,
    'linearizable: fenced-mutex': 1600,
    'linearizable: semaphore': 1600,
    'linearizable: reentrant-mutex': 1600,
  },
  'linearizable/collections/collections.property.test.ts': {
    'linearizable: queue, unique values': 21_000,
    'linearizable: fifo-queue, unique values': 21_000,
    'linearizable: stack, unique values': 21_000,
  },
  'list-append/brute-force.property.test.ts': {
    'list-append: serializable': 6000,
    'list-append: strict-serializable': 6000,
    'list-append: snapshot-isolation': 2000,
    'list-append: snapshot-isolation, every append read': 3000,
  },
  'rw-register/brute-force.property.test.ts': {
    'rw-register: serializable': 3000,
    'rw-register: strong-session-serializable': 3000,
    'rw-register: strict-serializable': 3000,
    'rw-register: snapshot-isolation': 2000,
    'rw-register: strong-session-snapshot-isolation': 2000,
    'rw-register: strong-snapshot-isolation': 2000,
  },
  'rw-register/axioms.property.test.ts': {
    'rw-register: weak models without sessions': 3000,
    'rw-register: weak models with sessions': 3000,
  },
  'transactions/find-cycles.test.ts': { 'transactions: cycles': 3000, 'transactions: shortest cycles': 3000 },
  'bank/bank.test.ts': { 'bank: the total is known': 10_000, 'bank: the total is not known': 10_000 },
  'long-fork/long-fork.test.ts': {
    'long-fork: keys written once': 8000,
    'long-fork: transactions that write several keys': 6000,
    'long-fork: ascending versions': 6000,
  },
  'causal-reverse/causal-reverse.test.ts': { 'causal-reverse': 20_000 },
  'adya-g2/adya-g2.test.ts': { 'adya-g2': 20_000 },
  'set-full/set-full.test.ts': { 'set-full, set: fates': 12_000, 'set-full: linearizable': 12_000 },
  'counter/counter.test.ts': { counter: 20_000 },
  'total-queue/total-queue.test.ts': { 'total-queue': 20_000 },
  'kafka/kafka.test.ts': { kafka: 20_000 },
  'siblings/siblings.test.ts': { siblings: 20_000 },
  'messages/messages.test.ts': { messages: 20_000 },
  'crdt/crdt.test.ts': { 'crdt-set': 20_000, 'crdt-counter': 20_000 },
  'coordination/unique-ids.test.ts': { 'unique-ids': 20_000 },
  'coordination/leader-election.test.ts': { 'leader-election': 20_000 },
  'coordination/fenced-lock/fenced-lock.test.ts': {
    'fenced-lock: double holds': 12_000,
    'fenced-lock: tokens': 8000,
  },
  'registers/registers.property.test.ts': { 'durability, corruption, staleness': 20_000 },
  'registers/convergence.test.ts': { convergence: 20_000 },
  'registers/monotonic.test.ts': { monotonic: 20_000 },
  'sequential/sequential.property.test.ts': {
    'sequential: unique values': 10_000,
    'sequential: repeated values': 10_000,
  },
  'sessions/sessions.property.test.ts': {
    'session-guarantees, pram, causal: unique values': 20_000,
    'session-guarantees, pram, causal: repeated values': 2000,
  },
  'service/service.property.test.ts': {
    stats: 20_000,
    availability: 20_000,
    evidence: 20_000,
    assertions: 20_000,
  },
  'service/agreement.test.ts': { agreement: 20_000 },
  'service/sla/sla.property.test.ts': { sla: 20_000 },
  'service/goodput.test.ts': { goodput: 20_000 },
  'service/token-stream.test.ts': { 'token-stream': 20_000 },
  'service/load-balance.test.ts': { 'load-balance': 20_000 },
  'service/key-movement.test.ts': { 'key-movement': 20_000 },
  'service/cache-hit-rate.test.ts': { 'cache-hit-rate': 20_000 },
  'streaming.test.ts': { 'streams: stats, unique-ids, leader-election, assertions, evidence': 4000 },
  'combinators/independent.test.ts': { independent: 1000 },
  'combinators/only.test.ts': { 'only: valid histories': 2500, 'only: spoilt histories': 1000 },
} as const satisfies { readonly [file: string]: { readonly [what: string]: number } };

type ByFile = typeof COMPARISONS;
export type Comparison = { [File in keyof ByFile]: keyof ByFile[File] & string }[keyof ByFile];

const BY_NAME: ReadonlyMap<string, number> = new Map(
  Object.values(COMPARISONS).flatMap((rows) => Object.entries(rows)),
);

/** So many histories are to be compared; of several like tests, each its part. The variable `COMPARISONS` asks for at least so many. */
export function comparisons(what: Comparison, parts = 1): number {
  const least = Number(process.env.COMPARISONS ?? 0);
  return Math.ceil(Math.max(BY_NAME.get(what)!, least) / parts);
}

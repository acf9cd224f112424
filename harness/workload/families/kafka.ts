import type { Generator, Json, Request, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachProcess } from '../each-thread.ts';
import { nothing } from '../generator.ts';
import { generate, once } from '../once.ts';

export type KafkaOptions = {
  /** Number of logs (topic partitions), named `k0`, `k1`, ... */
  readonly keys: number;
  /** Relative frequencies. */
  readonly sendShare: number;
  readonly pollShare: number;
  /** Messages in one send, at most. */
  readonly most: number;
};

const DEFAULTS: KafkaOptions = { keys: 4, sendShare: 1, pollShare: 1, most: 4 };

/** Polls in a row without a message, or indeterminate, after which a client has seen all at the end. */
const MOST_EMPTY = 5;

const share = { type: 'number', minimum: 0 } as const;

/** Clients are assigned all logs, send unique messages and poll; at the end they poll until nothing more comes. */
export const kafka: Workload<KafkaOptions> = {
  name: 'kafka',
  summary: 'sends of unique messages to logs, and polls of what comes next',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { type: 'integer', minimum: 1, maximum: 10_000, default: DEFAULTS.keys },
      sendShare: { ...share, default: DEFAULTS.sendShare },
      pollShare: { ...share, default: DEFAULTS.pollShare },
      most: { type: 'integer', minimum: 1, maximum: 1000, default: DEFAULTS.most },
    },
  },
  operations: ['assign', 'send', 'poll'],
  main: (options) => {
    const all = { ...DEFAULTS, ...options };
    return eachProcess(concat(once(assignment(all)), traffic(all)));
  },
  final: (options) => eachProcess(concat(once(assignment({ ...DEFAULTS, ...options })), catchingUp(0))),
  checkers: () => [{ name: 'kafka' }],
};

function assignment({ keys }: KafkaOptions): Request {
  return { f: 'assign', value: Array.from({ length: keys }, (_, key) => `k${key}`) };
}

function traffic({ keys, sendShare, pollShare, most }: KafkaOptions): Generator {
  const total = sendShare + pollShare;
  if (!(total > 0)) throw new RangeError(`kafka: expected a positive share, got ${sendShare}, ${pollShare}`);
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    if (random.fraction() * total >= sendShare) return { f: 'poll', value: [['poll']] };
    const nth = context.emitted[thread]! * context.processes.length + thread;
    const length = random.integer(1, most);
    const sends = Array.from(
      { length },
      (_, at): Json => ['send', `k${random.integer(0, keys - 1)}`, nth * most + at + 1],
    );
    return { f: 'send', value: sends };
  });
}

/** `empty`: polls in a row that brought nothing. */
function catchingUp(empty: number): Generator {
  return {
    next({ free }) {
      if (empty >= MOST_EMPTY) return undefined;
      return free.length === 0 ? 'pending' : { emit: { f: 'poll', value: [['poll']] }, rest: this };
    },
    update({ type, request, value }) {
      if (type === 'invoke' || request.f !== 'poll') return this;
      if (type !== 'ok' || isEmpty(value)) return empty + 1 >= MOST_EMPTY ? nothing : catchingUp(empty + 1);
      return empty === 0 ? this : catchingUp(0);
    },
  };
}

/** Whether `[["poll", {key: [...]}]]` has no messages. */
function isEmpty(value: Json | undefined): boolean {
  if (!Array.isArray(value)) return true;
  return value.every((micro: Json) => {
    const got: Json = Array.isArray(micro) ? (micro[1] ?? null) : null;
    return (
      got === null ||
      typeof got !== 'object' ||
      Object.values(got).every((messages) => Array.isArray(messages) && messages.length === 0)
    );
  });
}

import type { History, HistoryEvent, Json, OperationPair } from '../../histories/index.ts';
import {
  type Mutation,
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
  type Sight,
} from '../registers/registers.ts';
import { pairsOf } from '../shared/pairs.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';

export type SessionOptions = RegisterOptions & {
  /**
   * `process` (default): a session is a logical process; after an indeterminate operation its client begins a new one. `client`: a session is a client,
   * the first number of the operations' `id`; an indeterminate write then comes after what its client did before, but not before what it did
   * later, since it may take effect at any time. A client with two operations open at once is split into its processes.
   */
  readonly session?: 'process' | 'client';
};

export const SESSION_OPTIONS = {
  ...REGISTER_OPTIONS,
  session: {
    description: 'what a session is: a logical process, or a client by the first number of id',
    enum: ['process', 'client'],
    default: 'process',
  },
} as const;

/** The source of a read that returned the initial value. */
export const INITIAL = -1;

/**
 * The operations that can prove anything, as integers, in the order of invocation. Reads whose writer is certain, acknowledged writes, and
 * indeterminate writes that somebody certainly read. Other indeterminate writes may never have happened, and to assume so permits
 * the most. A successful cas is two operations: a read, then a write; of an indeterminate one that was read only the write is known.
 */
export interface SessionHistory {
  readonly count: number;
  readonly pairs: readonly OperationPair[];
  /** 1 for a write, 0 for a read. */
  readonly isWrite: Uint8Array;
  readonly key: Int32Array;
  readonly keys: readonly (string | number | undefined)[];
  /** Of a read: the write whose value it returned, or `INITIAL`. */
  readonly source: Int32Array;
  readonly session: Int32Array;
  /** From 1, within the session. */
  readonly position: Int32Array;
  /** The operations of each session in order. */
  readonly sessions: readonly (readonly number[])[];
  /** By session: the operation after which it branches off (a single indeterminate write of a client that went on); -1: none. */
  readonly forkOf: Int32Array;
  /** Reads of what nobody can have written. They are not among the operations. */
  readonly impossible: readonly { readonly register: Register; readonly sight: Sight }[];
  readonly registers: readonly Register[];
  /** Reads whose value several writes may have written: left out. */
  readonly ambiguous: number;
  /** Whether the order of the history is that of real time. */
  readonly realtime: boolean;
  readonly figures: { readonly [name: string]: Json };
  readonly reason?: string;
}

const NONE = -2;

/** Several checkers ask for the same: the last answer is kept as long as the history. */
const known = new WeakMap<
  readonly HistoryEvent[],
  { readonly id: string; readonly sessions: SessionHistory }
>();

/** Cost: linear in the events, once. */
export function sessionHistory(history: History, options: SessionOptions): SessionHistory {
  const { initial = null, harmless = [], session = 'process' } = options;
  const id = JSON.stringify([initial, harmless, session, history.header.realtime ?? true]);
  const last = known.get(history.events);
  if (last?.id === id) return last.sessions;
  const sessions = compile(history, options);
  known.set(history.events, { id, sessions });
  return sessions;
}

function compile(history: History, options: SessionOptions): SessionHistory {
  const { registers, figures, reason } = registersOf(history, options);
  const realtime = history.header.realtime !== false;
  const slots = 2 * ((history.events.at(-1)?.index ?? -1) + 1);
  // By twice the index of the invocation, plus one for a write.
  const keyAt = int32s(slots).fill(-1);
  const sourceAt = int32s(slots).fill(NONE);
  const impossible: { register: Register; sight: Sight }[] = [];
  let ambiguous = 0;
  registers.forEach((register, key) => {
    for (const { invocation } of register.acknowledged) keyAt[2 * invocation.index + 1] = key;
    for (const sight of register.sights) {
      const source = sourceOf(sight, register, realtime);
      if (source === 'several') ambiguous++;
      else if (source === undefined) impossible.push({ register, sight });
      else {
        const slot = 2 * sight.invocation.index;
        keyAt[slot] = key;
        sourceAt[slot] = source === 'initial' ? INITIAL : 2 * source.invocation.index + 1;
        // Whatever was read has happened.
        if (source !== 'initial') keyAt[sourceAt[slot]!] = key;
      }
    }
  });
  const placed = placeInSessions(pairsOf(history), keyAt, options.session ?? 'process');
  const { count, slotOf } = placed;
  const operationAt = int32s(slots).fill(-1);
  for (let n = 0; n < count; n++) operationAt[slotOf[n]!] = n;
  const isWrite = uint8s(count);
  const key = int32s(count);
  const source = int32s(count).fill(INITIAL);
  let reads = 0;
  for (let n = 0; n < count; n++) {
    const slot = slotOf[n]!;
    isWrite[n] = slot & 1;
    key[n] = keyAt[slot]!;
    if ((slot & 1) === 1) continue;
    reads++;
    if (sourceAt[slot]! >= 0) source[n] = operationAt[sourceAt[slot]!]!;
  }
  return {
    ...placed,
    isWrite,
    key,
    keys: registers.map((register) => register.key),
    source,
    impossible,
    registers,
    ambiguous,
    realtime,
    figures: {
      ...figures,
      sessions: placed.sessions.length,
      reads,
      writes: count - reads,
      ...(ambiguous > 0 && { ambiguousReads: ambiguous }),
      ...(placed.split > 0 && { clientsSplit: placed.split }),
    },
    ...(reason !== undefined && { reason }),
  };
}

/** Who wrote what was seen: one write, the beginning, several that may have, or nobody (undefined). */
function sourceOf(
  { identity, invocation, completion }: Sight,
  { writers, initial }: Register,
  realtime: boolean,
): Mutation | 'initial' | 'several' | undefined {
  let found: Mutation | 'initial' | undefined = identity === initial ? 'initial' : undefined;
  for (const writer of writers.get(identity) ?? []) {
    // In the order of invocation: nobody sees what was invoked after the answer had come.
    if (realtime && writer.invocation.index > completion.index) break;
    if (writer.invocation === invocation) continue;
    if (found !== undefined) return 'several';
    found = writer;
  }
  return found;
}

interface Placed
  extends Pick<SessionHistory, 'count' | 'pairs' | 'session' | 'position' | 'sessions' | 'forkOf'> {
  readonly slotOf: readonly number[];
  readonly split: number;
}

function placeInSessions(all: readonly OperationPair[], keyAt: Int32Array, by: 'process' | 'client'): Placed {
  const pairs: OperationPair[] = [];
  const slotOf: number[] = [];
  for (const pair of all) {
    for (const slot of [2 * pair.invocation.index, 2 * pair.invocation.index + 1]) {
      if (keyAt[slot]! < 0) continue;
      pairs.push(pair);
      slotOf.push(slot);
    }
  }
  const count = pairs.length;
  const overlapping = by === 'client' ? overlappingClients(pairs) : new Set<number>();
  const labels = pairs.map(({ invocation: { id, process } }) =>
    by === 'client' && id !== undefined && !overlapping.has(id[0]) ? id[0] : -1 - process,
  );
  const lastOf = new Map<number, number>();
  labels.forEach((label, n) => {
    lastOf.set(label, n);
  });
  const session = int32s(count);
  const position = int32s(count);
  const sessions: number[][] = [];
  const forkOf: number[] = [];
  const numbers = new Map<number, number>();
  const begin = (after: number): number => {
    forkOf.push(after);
    return sessions.push([]) - 1;
  };
  for (let n = 0; n < count; n++) {
    const label = labels[n]!;
    let number = numbers.get(label);
    if (number === undefined) {
      number = begin(-1);
      numbers.set(label, number);
    }
    if (pairs[n]!.completion?.type !== 'ok' && slotOf[n]! % 2 === 1 && lastOf.get(label) !== n) {
      number = begin(sessions[number]!.at(-1) ?? -1);
    }
    session[n] = number;
    position[n] = sessions[number]!.push(n);
  }
  return {
    count,
    pairs,
    slotOf,
    session,
    position,
    sessions,
    forkOf: Int32Array.from(forkOf),
    split: overlapping.size,
  };
}

/** Clients that invoked something while another operation of theirs was open that succeeded later: their order is not told. */
function overlappingClients(pairs: readonly OperationPair[]): Set<number> {
  const overlapping = new Set<number>();
  const openUntil = new Map<number, number>();
  for (const { invocation, completion } of pairs) {
    const client = invocation.id?.[0];
    if (client === undefined) continue;
    const open = openUntil.get(client) ?? -1;
    // The two halves of a cas are one operation.
    if (open > invocation.index && completion?.index !== open) overlapping.add(client);
    if (completion?.type === 'ok') openUntil.set(client, Math.max(open, completion.index));
  }
  return overlapping;
}

import type { Json, OperationPair } from '../../histories/index.ts';
import type { Pace } from '../budget.ts';
import { ElementIds } from '../shared/element-ids.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { NEVER, type Structure } from '../shared/structures.ts';

/** A read that succeeded, with what it saw. */
export interface SetRead extends OperationPair {
  readonly completion: NonNullable<OperationPair['completion']>;
  readonly values: readonly Json[];
}

/** A value that was read though no operation of the history tried to add it. */
export interface Stranger {
  readonly value: Json;
  /** The first read to complete that saw it. */
  first: SetRead;
  reads: number;
}

/**
 * What the history says about each element of one set. Elements are numbered from 0, `ids.values` has their values; they are those that anybody tried to
 * add. Arrays are by element; -1 where there is none.
 */
export interface SetEvidence {
  readonly key: string | number | undefined;
  readonly ids: ElementIds;
  readonly adds: readonly OperationPair[];
  /** In the order of invocation. */
  readonly reads: readonly SetRead[];
  /** Reads that succeeded but whose value is no list. They say nothing. */
  readonly malformed: number;
  /** Of the adds that did not fail, the position of the first to be invoked: before that it cannot be there. */
  readonly firstAdd: Int32Array;
  /** Of the acknowledged adds, the position of the first to complete. */
  readonly acknowledged: Int32Array;
  /** Position of the first add that failed. */
  readonly failed: Int32Array;
  /** The read that saw it and was the first to complete. */
  readonly firstSeen: Int32Array;
  /** The read that saw it and was the last to complete. */
  readonly lastSeen: Int32Array;
  /** The last read to be invoked that did not see it. */
  readonly lastAbsent: Int32Array;
  readonly strangers: readonly Stranger[];
  /** Elements that one read returned more than once, with the first such read. */
  readonly duplicates: readonly { readonly element: Json; readonly read: SetRead }[];
}

/** Undefined if the time is over. Cost: linear in the adds and in the lengths of all that was read. */
export function evidenceOf(
  { key, pairs }: Structure,
  counts: (pair: OperationPair) => boolean,
  pace: Pace,
): SetEvidence | undefined {
  const ids = new ElementIds();
  const adds = pairs.filter(({ invocation }) => invocation.f === 'add');
  const idOfAdd = Int32Array.from(adds, ({ invocation }) => ids.add(invocation.value));
  const size = ids.values.length;
  const none = () => new Int32Array(size).fill(-1);
  const firstAdd = none();
  const acknowledged = none();
  const failed = none();
  adds.forEach(({ completion }, at) => {
    const id = idOfAdd[at]!;
    if (completion?.type === 'fail') {
      if (failed[id]! < 0) failed[id] = at;
      return;
    }
    if (firstAdd[id]! < 0) firstAdd[id] = at;
    if (completion?.type !== 'ok') return;
    const before = acknowledged[id]!;
    if (before < 0 || completion.index < adds[before]!.completion!.index) acknowledged[id] = at;
  });
  const { reads, malformed } = readsOf(pairs, counts);
  const sightings = sightingsOf(ids, reads, pace);
  if (sightings === undefined) return undefined;
  return { key, ids, adds, reads, malformed, firstAdd, acknowledged, failed, ...sightings };
}

function readsOf(pairs: readonly OperationPair[], counts: (pair: OperationPair) => boolean) {
  const reads: SetRead[] = [];
  let malformed = 0;
  for (const pair of pairs) {
    const { invocation, completion } = pair;
    if (invocation.f !== 'read' || completion?.type !== 'ok' || !counts(pair)) continue;
    if (Array.isArray(completion.value)) reads.push({ invocation, completion, values: completion.value });
    else malformed++;
  }
  return { reads, malformed };
}

/**
 * Goes through the reads from the last to be invoked to the first. `unbroken[id]` is the number of reads, from the last one on, that all saw the
 * element: so the read of that rank is the last that did not. Undefined if the time is over.
 */
function sightingsOf(ids: ElementIds, reads: readonly SetRead[], pace: Pace) {
  const size = ids.values.length;
  const firstSeen = new Int32Array(size).fill(-1);
  const lastSeen = new Int32Array(size).fill(-1);
  const firstEnd = new Int32Array(size).fill(NEVER);
  const lastEnd = new Int32Array(size).fill(-1);
  const unbroken = new Int32Array(size);
  const stamp = new Int32Array(size).fill(-1);
  const strangers = new Map<Identity, Stranger>();
  const duplicates = new Map<Identity, { element: Json; read: SetRead }>();
  for (let at = reads.length - 1, rank = 0; at >= 0; at--, rank++) {
    const read = reads[at]!;
    const { values } = read;
    if (pace.over(1 + values.length)) return undefined;
    const end = read.completion.index;
    const strange = new Set<Identity>();
    for (let i = 0; i < values.length; i++) {
      const id = ids.find(values[i]!);
      if (id < 0) {
        const identity = identityOf(values[i]!);
        if (strange.has(identity)) duplicates.set(identity, { element: values[i]!, read });
        else see(strangers, identity, values[i]!, read);
        strange.add(identity);
        continue;
      }
      if (stamp[id] === rank) {
        duplicates.set(identityOf(values[i]!), { element: values[i]!, read });
        continue;
      }
      stamp[id] = rank;
      if (unbroken[id] === rank) unbroken[id] = rank + 1;
      if (end < firstEnd[id]!) {
        firstEnd[id] = end;
        firstSeen[id] = at;
      }
      if (end > lastEnd[id]!) {
        lastEnd[id] = end;
        lastSeen[id] = at;
      }
    }
  }
  const lastAbsent = unbroken.map((rank) => reads.length - 1 - rank);
  return {
    firstSeen,
    lastSeen,
    lastAbsent,
    strangers: [...strangers.values()],
    duplicates: [...duplicates.values()],
  };
}

function see(strangers: Map<Identity, Stranger>, identity: Identity, value: Json, read: SetRead): void {
  const known = strangers.get(identity);
  if (known === undefined) {
    strangers.set(identity, { value, first: read, reads: 1 });
    return;
  }
  known.reads++;
  if (read.completion.index < known.first.completion.index) known.first = read;
}

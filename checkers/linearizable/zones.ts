import type { Json } from '../../histories/index.ts';
import { Interner } from './interner.ts';
import { type Calls, NEVER } from './model.ts';

/*
 * Registers in which each value is written at most once, after Gibbons and Korach, "Testing shared memories" (SIAM Journal on
 * Computing 26, 1997), on clusters and zones.
 *
 * A write and the reads of its value are a cluster: they must follow each other without another write in between. Let f be the
 * earliest completion in a cluster and s the latest invocation.
 * - f < s: one operation ends before another begins, so the register holds the value at least from f to s: a *forward* zone.
 * - otherwise all operations overlap at one point, and the cluster can be put anywhere between s and f: a *backward* zone.
 * With every read overlapping or following its write, there is a linearization if and only if no two forward zones overlap
 * and no backward zone lies within a forward one.
 *
 * A write that never completed happened if and only if somebody read it: read, it ends no later than the first of these reads,
 * so its completion does not matter; never read, it may as well not have happened, and is left out. The initial value is a write before
 * everything.
 */

/** Clusters of a register whose writes are all different, or undefined if this is none (a cas, a value written twice). */
export interface Clusters {
  readonly calls: Calls;
  /** Cluster of each operation; 0: the initial value. */
  readonly clusterOf: Int32Array;
  readonly count: number;
  /** The write of each cluster; -1 if there is none: nobody wrote the value that was read. */
  readonly writes: Int32Array;
  /** Numbers of the clusters, by value. */
  readonly valueIds: Interner;
}

export function clustersOf(calls: Calls, initial: Json): Clusters | undefined {
  const values = new Interner(0, calls.count);
  values.id(initial);
  const clusterOf = new Int32Array(calls.count);
  const writes = new Int32Array(calls.count + 1).fill(-1);
  for (let n = 0; n < calls.count; n++) {
    const { f, value, result } = calls.call(n);
    if (f !== 'read' && f !== 'write') return undefined;
    const cluster = values.id(f === 'read' ? (result ?? null) : value);
    clusterOf[n] = cluster;
    if (f !== 'write') continue;
    if (cluster === 0 || writes[cluster]! >= 0) return undefined;
    writes[cluster] = n;
  }
  return { calls, clusterOf, count: values.end, writes, valueIds: values };
}

/** Zones of all clusters at some moment of the history. */
interface Zones {
  /** Earliest completion and latest invocation. */
  readonly ends: Int32Array;
  readonly begins: Int32Array;
  /** Clusters that take part. */
  readonly live: Uint8Array;
}

/**
 * Zones of what was known up to (and with) position `until`: operations completed later count as open. Undefined if a read
 * completed before its value was written.
 */
function zonesAt({ calls, clusterOf, count, writes }: Clusters, until: number): Zones | undefined {
  const ends = new Int32Array(count).fill(NEVER);
  const begins = new Int32Array(count).fill(-2);
  const live = new Uint8Array(count);
  // The initial value's write: from -2 to -1.
  ends[0] = -1;
  live[0] = 1;
  for (let n = 0; n < calls.count; n++) {
    const returned = calls.returned[n]!;
    if (returned > until) continue;
    const cluster = clusterOf[n]!;
    const write = writes[cluster]!;
    if (cluster !== 0 && (write < 0 || calls.invoked[write]! > returned)) return undefined;
    live[cluster] = 1;
    if (returned < ends[cluster]!) ends[cluster] = returned;
    // Operations come in the order of invocation.
    begins[cluster] = calls.invoked[n]!;
  }
  for (let cluster = 1; cluster < count; cluster++) {
    if (live[cluster]) begins[cluster] = Math.max(begins[cluster]!, calls.invoked[writes[cluster]!]!);
  }
  return { ends, begins, live };
}

/**
 * The clusters in the order of a linearization, of what was known up to position `until`; undefined if there is none.
 * Cost: n log n.
 */
export function orderClusters(clusters: Clusters, until: number): readonly number[] | undefined {
  const zones = zonesAt(clusters, until);
  if (zones === undefined) return undefined;
  const { ends, begins, live } = zones;
  const forward: number[] = [];
  const backward: number[] = [];
  for (let cluster = 0; cluster < clusters.count; cluster++) {
    if (live[cluster]) (ends[cluster]! < begins[cluster]! ? forward : backward).push(cluster);
  }
  forward.sort((a, b) => ends[a]! - ends[b]!);
  for (let i = 1; i < forward.length; i++) {
    if (ends[forward[i]!]! < begins[forward[i - 1]!]!) return undefined;
  }
  backward.sort((a, b) => begins[a]! - begins[b]!);
  // A backward cluster goes just after its latest invocation or, if a forward zone covers that, just after this zone.
  const places = new Float64Array(clusters.count);
  for (const cluster of forward) places[cluster] = ends[cluster]!;
  let next = 0;
  let covered = -2;
  for (const cluster of backward) {
    const begin = begins[cluster]!;
    while (next < forward.length && ends[forward[next]!]! < begin) covered = begins[forward[next++]!]!;
    const place = Math.max(begin, covered) + 0.5;
    if (place > ends[cluster]!) return undefined;
    places[cluster] = place;
  }
  return [...forward, ...backward].sort((a, b) => places[a]! - places[b]!);
}

/** A linearization, as operation numbers: each cluster's write, then its reads by invocation. Cost: n log n. */
export function orderOperations(clusters: Clusters, order: readonly number[], until: number): number[] {
  const { calls, clusterOf, count, writes } = clusters;
  const reads: number[][] = Array.from({ length: count }, () => []);
  for (let n = 0; n < calls.count; n++) {
    if (calls.returned[n]! <= until && writes[clusterOf[n]!] !== n) reads[clusterOf[n]!]!.push(n);
  }
  return order.flatMap((cluster) =>
    writes[cluster]! >= 0 ? [writes[cluster]!, ...reads[cluster]!] : reads[cluster]!,
  );
}

/**
 * Whether what was known up to (and with) position `until` is linearizable: the same as `orderClusters` without the order.
 * Operations are numbered in the order of invocation, so that visiting each cluster at its last operation, backwards,
 * visits zones by descending `begins` without sorting. Cost: linear.
 */
function isConsistent(clusters: Clusters, until: number): boolean {
  const zones = zonesAt(clusters, until);
  return zones !== undefined && areConsistent(clusters, zones);
}

/** `also`: a cluster that begins with the invocation of an operation that is none of its own. */
function areConsistent(
  { calls, clusterOf }: Clusters,
  { ends, begins, live }: Zones,
  also?: { readonly operation: number; readonly cluster: number },
): boolean {
  /** The forward zone met last: the nearest that begins later. */
  let from = NEVER;
  let to = NEVER;
  const fits = (cluster: number): boolean => {
    const begin = begins[cluster]!;
    const end = ends[cluster]!;
    if (end >= begin) return !(from < begin && end < to);
    if (from < begin) return false;
    from = end;
    to = begin;
    return true;
  };
  for (let n = calls.count - 1; n >= 0; n--) {
    const cluster = clusterOf[n]!;
    if (live[cluster] && begins[cluster] === calls.invoked[n]! && !fits(cluster)) return false;
    if (n === also?.operation && begins[also.cluster] === calls.invoked[n]! && !fits(also.cluster))
      return false;
  }
  return begins[0] !== -2 || fits(0);
}

/**
 * The operation at whose completion the history stopped being linearizable, or -1 if it is linearizable: bisection over
 * the completions, since a prefix of a linearizable history is one. Cost: n if it is linearizable, n log n if not.
 */
export function firstViolation(clusters: Clusters): number {
  if (isConsistent(clusters, NEVER - 1)) return -1;
  const { returned } = clusters.calls;
  const completions = returned.filter((at) => at !== NEVER).sort();
  let good = -1;
  let bad = completions.length - 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isConsistent(clusters, completions[middle]!)) good = middle;
    else bad = middle;
  }
  return returned.indexOf(completions[bad]!);
}

/**
 * Whether a read of the value could stand in the place of the operation, of what was known before its completion. Cost: linear for all
 * values together, and linear again for each.
 */
export function couldRead(clusters: Clusters, operation: number, values: readonly Json[]): boolean[] {
  const { calls, writes, valueIds } = clusters;
  const [from, to] = [calls.invoked[operation]!, calls.returned[operation]!];
  const zones = zonesAt(clusters, to - 1);
  return values.map((value) => {
    const cluster = valueIds.known(value);
    const write = cluster === undefined ? -1 : writes[cluster]!;
    if (zones === undefined || cluster === undefined) return false;
    if (cluster > 0 && (write < 0 || write === operation || calls.invoked[write]! > to)) return false;
    const { ends, begins, live } = zones;
    const before = [ends[cluster]!, begins[cluster]!, live[cluster]!] as const;
    ends[cluster] = Math.min(ends[cluster]!, to);
    begins[cluster] = Math.max(begins[cluster]!, from, write < 0 ? -2 : calls.invoked[write]!);
    live[cluster] = 1;
    const could = areConsistent(clusters, zones, { operation, cluster });
    [ends[cluster], begins[cluster], live[cluster]] = before;
    return could;
  });
}

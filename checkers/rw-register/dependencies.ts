import { addAllPairs } from '../transactions/all-pairs.ts';
import { int32s } from '../transactions/arrays.ts';
import {
  type EdgeType,
  FREE,
  type GraphBuilder,
  INFORMED,
  PROCESS,
  REALTIME,
  RW,
  SIGHTED,
  WR,
  WW,
} from '../transactions/graph.ts';
import { type Groups, groupBy } from '../transactions/group-by.ts';
import { AGAIN, type MicroOperations } from './micro-operations.ts';
import { BY_INITIAL, BY_PROCESS, BY_REALTIME, BY_UPDATE, type VersionEdges } from './version-edges.ts';
import type { Versions } from './versions.ts';

/** Whether orders of this kind on this key are given by the user's assumptions, instead of inferred. */
export type Assumed = (why: number, key: number) => boolean;

/** Adds who read from whom, each with the read as its reason. Cost: linear in reads. */
export function addReadsFrom(
  graph: GraphBuilder,
  { reads, writes }: MicroOperations,
  { source, version }: Versions,
): void {
  for (let read = 0; read < reads.count; read++) {
    const write = source[read]!;
    if (write < 0 || version[write] === 0 || reads.kind[read] === AGAIN) continue;
    const writer = writes.transaction[write]!;
    const reader = reads.transaction[read]!;
    if (writer !== reader) graph.edge(writer, reader, WR, read);
  }
}

/**
 * Adds what follows from the orders of versions, each with the order as its reason: the writer of a version precedes the writer of a later one, and so do
 * its readers. What the edge rests on is part of its type; on assumptions it rests not at all. Cost: linear in reads and orders.
 */
export function addOverwrites(
  graph: GraphBuilder,
  { writes, reads }: MicroOperations,
  edges: VersionEdges,
  readers: Groups,
  assumed: Assumed,
): void {
  const { from, to, why, seen } = edges;
  const next = groupBy(from.view(), readers.from.length - 1);
  const levelOf = (edge: number): EdgeType => {
    const kind = why.at(edge);
    if (kind !== BY_PROCESS && kind !== BY_REALTIME) return FREE;
    if (assumed(kind, writes.key[to.at(edge)]!)) return FREE;
    return kind === BY_PROCESS ? PROCESS : REALTIME;
  };
  const targetOf = (edge: number): number => writes.transaction[to.at(edge)]!;
  const told = int32s(writes.count).fill(-1);
  for (let version = 0; version + 1 < next.from.length; version++) {
    const groups: { [level: number]: number[] } = {};
    for (let i = next.from[version]!; i < next.from[version + 1]!; i++) {
      const edge = next.items[i]!;
      if (to.at(edge) >= writes.count) continue;
      const level = levelOf(edge);
      addOverwrite(version, edge, level);
      // One reason is enough, and those without a level come first.
      if (told[to.at(edge)] === version) continue;
      told[to.at(edge)] = version;
      groups[level] ??= [];
      groups[level]!.push(edge);
    }
    const sources: number[] = [];
    for (let i = readers.from[version]!; i < readers.from[version + 1]!; i++)
      sources.push(reads.transaction[readers.items[i]!]!);
    if (sources.length === 0) continue;
    for (const [level, reasons] of Object.entries(groups))
      addAllPairs(graph, sources, RW | Number(level), reasons, targetOf);
  }

  function addOverwrite(version: number, edge: number, level: EdgeType): void {
    const kind = why.at(edge);
    if (version >= writes.count || kind === BY_INITIAL) return;
    const first = writes.transaction[version]!;
    const second = targetOf(edge);
    if (first === second) return;
    if (assumed(kind, writes.key[version]!)) graph.edge(first, second, WW, edge);
    // That the second read from the first, or came later in that order, is an edge already.
    else if (kind !== BY_UPDATE && seen.at(edge) !== 0)
      graph.edge(first, second, WW | level | (seen.at(edge) === 1 ? INFORMED : SIGHTED), edge);
  }
}

import { type History, isObservation, type Json, type Observation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { finalFrom } from '../shared/final-reads.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { isBeyond } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, list, ofKey, seconds } from '../shared/words.ts';
import {
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
  type Sight,
} from './registers.ts';

export type ConvergenceOptions = RegisterOptions & {
  /** Time in nanoseconds from which everything must agree. The phase `final`, if absent. */
  readonly after?: number;
  /** Kind of the notes in which replicas tell their state, such as `{"digest": ...}`. Not judged if absent. */
  readonly notes?: string;
};

/**
 * Eventual convergence of registers (Viotti and Vukolić 2016, section 3.3; Vogels 2008): at the end all copies agree. From the phase `final` on, or from a stated time, each key must behave
 * like one copy, and hold something that was written to it.
 *
 * Values that an indeterminate write, or one that completed only after that moment, may still bring are *in flight*: the copy may change to such a value
 * at any time. To others it cannot change. So two reads of different values that are not in flight are a `divergence`, and so is a read of such a value after
 * a read of another value was over. A value that nobody can have written is an `unwritten-value`.
 *
 * With `notes`, the last note of that kind of each host in that time must be the same (`replica-divergence`), if nothing is in flight.
 * Liveness: not judged where the plan may exceed the system's tolerance.
 */
export const convergence: Checker<ConvergenceOptions> = {
  name: 'convergence',
  summary: 'at the end all copies agree on something that was written: registers, and what replicas say',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      ...REGISTER_OPTIONS,
      after: {
        description: 'nanoseconds from which everything must agree; the phase final if absent',
        type: 'number',
        minimum: 0,
      },
      notes: { description: 'kind of the notes in which replicas tell their state', type: 'string' },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { registers, figures, reason } = registersOf(history, options);
    const from = options.after === undefined ? finalFrom(history) : firstAt(history, options.after);
    const anomalies: Anomaly[] = [];
    const counts = { finalReads: 0, keysCompared: 0, inFlight: 0, hosts: 0 };
    for (const register of registers) {
      const reads = register.sights.filter(
        ({ invocation }) => invocation.f === 'read' && invocation.index >= from,
      );
      const moving = inFlight(register, from);
      counts.inFlight += moving.size;
      counts.finalReads += reads.length;
      if (reads.length >= 2) counts.keysCompared++;
      const unwritten = reads.find(
        ({ identity }) => identity !== register.initial && !register.writers.has(identity),
      );
      if (unwritten !== undefined) anomalies.push(unwrittenValue(register, unwritten));
      const pair = disagreement(reads, moving);
      if (pair !== undefined) anomalies.push(divergence(register, pair));
    }
    const replicas = options.notes === undefined ? [] : lastNotes(history, options.notes, from);
    counts.hosts = replicas.length;
    if (counts.inFlight === 0 && new Set(replicas.map(stateOf)).size > 1) {
      anomalies.push(replicaDivergence(replicas));
    }
    if (isBeyond(history)) {
      const judged = 'the plan may exceed what the system tolerates';
      return verdictOf(this.name, { anomalies: [] }, { ...figures, ...counts, judged });
    }
    const nothing = counts.keysCompared === 0 && !(counts.hosts >= 2 && counts.inFlight === 0);
    const why = nothing ? (reason ?? missing(from, counts.finalReads)) : undefined;
    return verdictOf(
      this.name,
      { anomalies, ...(why !== undefined && { reason: why }) },
      { ...figures, ...counts },
    );
  },
};

function missing(from: number, finalReads: number): string {
  if (from === Number.POSITIVE_INFINITY)
    return 'the history has no phase final (option "after" names a time)';
  return finalReads === 0 ? 'nothing was read at the end' : 'no key was read twice at the end';
}

function firstAt({ events }: History, time: number): number {
  return events.find((event) => event.time >= time)?.index ?? Number.POSITIVE_INFINITY;
}

/** Values that may still come. */
function inFlight({ writers }: Register, from: number): Set<Identity> {
  const moving = new Set<Identity>();
  for (const [identity, mutations] of writers) {
    if (mutations.some(({ completion }) => completion?.type !== 'ok' || completion.index >= from)) {
      moving.add(identity);
    }
  }
  return moving;
}

/** Two reads that no single copy can have answered. */
function disagreement(reads: readonly Sight[], moving: ReadonlySet<Identity>): [Sight, Sight] | undefined {
  const resting = reads.filter(({ identity }) => !moving.has(identity));
  const first = resting[0];
  if (first === undefined) return undefined;
  const other = resting.find(({ identity }) => identity !== first.identity);
  if (other !== undefined) return [first, other];
  const last = resting.at(-1)!;
  const before = reads.find(
    ({ identity, completion }) => identity !== last.identity && completion.index < last.invocation.index,
  );
  return before === undefined ? undefined : [before, last];
}

function divergence({ key }: Register, [first, second]: [Sight, Sight]): Anomaly {
  return {
    name: 'divergence',
    ...(key !== undefined && { key }),
    explanation: `At the end the copies${ofKey(key)} do not agree: ${describeOperation(first)}, but ${describeOperation(second)}, and no write that was still under way can have brought ${inWords(second.saw)} in between.`,
    operations: indicesOf([first, second]),
    data: { values: [first.saw, second.saw] },
  };
}

function unwrittenValue({ key, failed }: Register, sight: Sight): Anomaly {
  const tried = failed.get(sight.identity)?.[0];
  const why =
    tried === undefined
      ? 'nobody ever tried to write that'
      : `only what certainly failed tried to write that: ${describeOperation(tried)}`;
  return {
    name: 'unwritten-value',
    ...(key !== undefined && { key }),
    explanation: `At the end ${describeOperation(sight)} saw ${inWords(sight.saw)} as the value${ofKey(key)}, but ${why}.`,
    operations: indicesOf(tried === undefined ? [sight] : [tried, sight]),
    data: { saw: sight.saw },
  };
}

/** The last note of each host, in the order of the hosts' first ones. */
function lastNotes({ events }: History, kind: string, from: number): Observation[] {
  const last = new Map<string, Observation>();
  for (const event of events) {
    if (!isObservation(event) || event.type !== 'note' || event.kind !== kind || event.index < from) continue;
    last.set(event.host, event);
  }
  return [...last.values()];
}

function stateOf({ data }: Observation): Identity {
  return identityOf(data);
}

function replicaDivergence(replicas: readonly Observation[]): Anomaly {
  const groups = new Map<Identity, { data: Json; hosts: string[]; at: Observation }>();
  for (const note of replicas) {
    const group = groups.get(stateOf(note));
    if (group === undefined) groups.set(stateOf(note), { data: note.data, hosts: [note.host], at: note });
    else group.hosts.push(note.host);
  }
  const said = [...groups.values()].map(
    ({ data, hosts, at }) => `${list(hosts)} told ${inWords(data)} (${seconds(at.time)})`,
  );
  return {
    name: 'replica-divergence',
    explanation: `At the end the replicas do not agree: ${list(said)}.`,
    operations: [...groups.values()].map(({ at }) => at.index).sort((a, b) => a - b),
    data: { states: groups.size },
  };
}

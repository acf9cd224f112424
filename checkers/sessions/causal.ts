import type { History } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { causalOrder } from './causal-order.ts';
import { contradictions } from './contradictions.ts';
import { ALL_GUARANTEES } from './guarantees.ts';
import { Names } from './names.ts';
import { pathBetween, pathInWords } from './paths.ts';
import { conflictsOf, explainView, NOTHING_JUDGED } from './pram.ts';
import {
  causalityCycle,
  initialInWords,
  MEMORY_BYTES_DEFAULT,
  orderInWords,
  readsWithAPast,
  unclear,
} from './session-guarantees.ts';
import {
  SESSION_OPTIONS,
  type SessionHistory,
  type SessionOptions,
  sessionHistory,
} from './session-history.ts';
import { thinAirReads } from './thin-air.ts';
import { clockBytes, type Sighting, type Visibility, visibility } from './visibility.ts';

export type CausalOptions = SessionOptions & {
  /**
   * `CC` (default), causal consistency: a read returns a write that nothing in its past replaced. `CM`, causal memory: besides each session sees its past in one
   * order that explains all its reads. `CCv`, causal convergence: besides all sessions order concurrent writes alike.
   */
  readonly variant?: 'CC' | 'CM' | 'CCv';
};

/** Anomalies of one kind that are explained at most. */
const EXPLAINED_MAX = 8;

/**
 * Causal consistency of read/write registers, all keys together, by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza (POPL 2017, sections 3 and 5).
 * The causal order CO is the transitive closure of session order and reads-from.
 * - `ThinAirRead`: a read of what nobody can have written before;
 * - `CyclicCO`: the causal order has a cycle (only in histories without real time);
 * - `WriteCOInitRead`: a read of the initial value, with a write of the key in its causal past;
 * - `WriteCORead`: a read of a write that a later one in its causal past had replaced;
 * - for `CM`: `WriteHBInitRead`, `CyclicHB`: the same for a session by the order that its own reads force on concurrent writes;
 * - for `CCv`: `CyclicCF`: what the reads of all sessions force on concurrent writes is a cycle.
 *
 * Exact if no read could have returned any of several writes. Such reads are left out: what is found without them is a violation, but nothing found means `unknown`.
 */
export const causal: Checker<CausalOptions> = {
  name: 'causal',
  summary: 'what was caused by a write is never seen without it: registers; variants CC, CM, CCv',
  cost: 'CC, CCv: O(n s) for s sessions that write, 4 s bytes for each write; CM: O(n m s) a round, m writes that a session reads or writes; few rounds',
  options: {
    type: 'object',
    properties: {
      ...SESSION_OPTIONS,
      variant: {
        description: 'causal consistency, causal memory, causal convergence',
        enum: ['CC', 'CM', 'CCv'],
        default: 'CC',
      },
    },
    additionalProperties: false,
  },
  check: (history, options, budget) => check(history, options, budget),
};

function check(history: History, options: CausalOptions, budget: Budget): Verdict {
  const pace = new Pace(budget);
  const variant = options.variant ?? 'CC';
  const sessions = sessionHistory(history, options);
  const judged = readsWithAPast(sessions);
  const done = (anomalies: readonly Anomaly[], reason?: string): Verdict =>
    verdictOf(
      causal.name,
      { anomalies, ...(reason !== undefined && { reason }) },
      { ...sessions.figures, judgedReads: judged, variant },
    );
  if (sessions.reason !== undefined) return done([], sessions.reason);
  const thinAir = thinAirReads(sessions, 'ThinAirRead');
  const memoryBytes = budget.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  const bytes = clockBytes(sessions);
  if (bytes > memoryBytes) {
    return done(thinAir, `the bound of ${memoryBytes} bytes is too small: clocks take ${bytes} bytes`);
  }
  const order = causalOrder(sessions);
  if (order.cycle !== undefined) return done([...thinAir, causalityCycle(sessions, order)]);
  const seen = visibility(sessions, order.order, ALL_GUARANTEES, pace, variant === 'CCv');
  const anomalies = [
    ...thinAir,
    ...firstOfEachKey(sessions, seen.initial).map((found) => writeCOInitRead(sessions, found)),
    ...firstOfEachKey(sessions, seen.overwritten).map((found) => writeCORead(sessions, found)),
  ];
  // Whatever breaks CC breaks the others too, less plainly.
  if (anomalies.length === thinAir.length) anomalies.push(...further(sessions, variant, seen, pace));
  const reason = pace.ended
    ? `the bound of ${pace.bound} was reached`
    : (unclear(sessions) ?? (judged === 0 ? NOTHING_JUDGED : undefined));
  return done(anomalies, reason);
}

function further(sessions: SessionHistory, variant: string, seen: Visibility, pace: Pace): Anomaly[] {
  if (variant === 'CCv') {
    return contradictions(seen.builder, EXPLAINED_MAX, pace).map((cycle) => {
      const names = new Names(sessions);
      const steps = orderInWords(sessions, cycle, ALL_GUARANTEES, names, sameSession);
      return anomaly(sessions, 'CyclicCF', cycle.writes[0]!, steps, names);
    });
  }
  if (variant === 'CC') return [];
  const { clocks, row, columns, column } = seen;
  const base = {
    columns,
    column,
    clock: (write: number) => clocks.subarray(row[write], row[write]! + columns),
  };
  return conflictsOf(sessions, base, pace, EXPLAINED_MAX).conflicts.map((conflict) =>
    explainView(sessions, conflict, true, conflict.kind === 'initial' ? 'WriteHBInitRead' : 'CyclicHB'),
  );
}

function firstOfEachKey({ key }: SessionHistory, sightings: readonly Sighting[]): Sighting[] {
  const first = new Map<number, Sighting>();
  for (const sighting of sightings) {
    if (first.size >= EXPLAINED_MAX) break;
    if (!first.has(key[sighting.read]!)) first.set(key[sighting.read]!, sighting);
  }
  return [...first.values()];
}

const sameSession = (): string => 'same session';

function writeCOInitRead(sessions: SessionHistory, sighting: Sighting): Anomaly {
  const names = new Names(sessions);
  names.of(sighting.write);
  const sentence = initialInWords(sessions, sighting, ALL_GUARANTEES, names, sameSession);
  return anomaly(sessions, 'WriteCOInitRead', sighting.read, [sentence], names);
}

function writeCORead(sessions: SessionHistory, { read, write }: Sighting): Anomaly {
  const names = new Names(sessions);
  const replaced = sessions.source[read]!;
  const words = (from: number, to: number): string =>
    pathInWords(sessions, pathBetween(sessions, from, to, ALL_GUARANTEES) ?? [from, to], names, sameSession);
  const [first, second] = [names.of(replaced), names.of(write)];
  return anomaly(
    sessions,
    'WriteCORead',
    read,
    [
      `${names.of(read)} returned ${first}, though ${second} had replaced it in its causal past.`,
      `${second} came after ${first}: ${words(replaced, write)}.`,
      `It was visible to ${names.of(read)}: ${words(write, read)}.`,
    ],
    names,
  );
}

function anomaly(
  sessions: SessionHistory,
  name: string,
  about: number,
  sentences: readonly string[],
  names: Names,
): Anomaly {
  const key = sessions.keys[sessions.key[about]!];
  return {
    name,
    ...(key !== undefined && { key }),
    explanation: [...sentences, `Here ${names.definitions()}.`].join(' '),
    operations: names.indices(),
  };
}

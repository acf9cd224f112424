import type { History } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural } from '../shared/words.ts';
import { type CausalOrder, causalOrder } from './causal-order.ts';
import { type Contradiction, contradictions } from './contradictions.ts';
import {
  ALL_GUARANTEES,
  GUARANTEES,
  type Guarantee,
  MONOTONIC_READS,
  maskOf,
  namesOf,
  READ_YOUR_WRITES,
} from './guarantees.ts';
import { Names } from './names.ts';
import { pathBetween, pathInWords } from './paths.ts';
import {
  SESSION_OPTIONS,
  type SessionHistory,
  type SessionOptions,
  sessionHistory,
} from './session-history.ts';
import { thinAirReads } from './thin-air.ts';
import { clockBytes, type Sighting, visibility } from './visibility.ts';

export type SessionGuaranteesOptions = SessionOptions & {
  /** Those that the sessions shall have. All four by default. */
  readonly guarantees?: readonly Guarantee[];
};

/** Anomalies of one kind that are explained at most. */
const EXPLAINED_MAX = 8;
export const MEMORY_BYTES_DEFAULT = 2 * 1024 ** 3;

/**
 * The session guarantees of Terry et al. (1994), as Viotti and Vukolić (2016, section 3.4) write them down, of read/write registers, all keys together.
 *
 * A history has a set of guarantees if there are one total order of all writes and for each read a set of visible writes, so that a read returns the
 * last of the visible writes of its key (the initial value, if there is none) and, for operations of one session,
 * - `read-your-writes`: a write is visible to the reads after it;
 * - `monotonic-reads`: what is visible to a read is visible to the reads after it;
 * - `monotonic-writes`: a write comes before the writes after it, and is visible wherever they are;
 * - `writes-follow-reads`: what is visible to a read comes before the writes after it, and is visible wherever they are.
 * All four together are causal consistency with one order of writes (CCv).
 *
 * Exact if no read could have returned any of several writes. Such reads are left out: what is found without them is a violation,
 * but nothing found means `unknown`. Monotonic writes and writes that follow reads are promises about what others see: without one of the first two, no
 * history of single reads can refute them.
 *
 * An anomaly is named by the smallest set of guarantees that cannot be kept together: `monotonic-reads`, or
 * `monotonic-reads+monotonic-writes` where each alone could be.
 */
export const sessionGuarantees: Checker<SessionGuaranteesOptions> = {
  name: 'session-guarantees',
  summary: 'read your writes, monotonic reads, monotonic writes, writes follow reads: registers',
  cost: 'O(n s) for s sessions that write; 4 s bytes for each write',
  options: {
    type: 'object',
    properties: {
      ...SESSION_OPTIONS,
      guarantees: {
        description: 'those that the sessions shall have',
        type: 'array',
        items: { enum: [...GUARANTEES] },
        minItems: 1,
        uniqueItems: true,
        default: [...GUARANTEES],
      },
    },
    additionalProperties: false,
  },
  check: (history, options, budget) => check(history, options, budget),
};

function check(history: History, options: SessionGuaranteesOptions, budget: Budget): Verdict {
  const pace = new Pace(budget);
  const sessions = sessionHistory(history, options);
  const mask = maskOf(options.guarantees ?? GUARANTEES);
  const judged = readsWithAPast(sessions);
  const figures = { ...sessions.figures, guarantees: namesOf(mask), judgedReads: judged };
  const done = (anomalies: readonly Anomaly[], reason?: string, violated?: readonly string[]): Verdict =>
    verdictOf(
      sessionGuarantees.name,
      { anomalies, ...(reason !== undefined && { reason }) },
      { ...figures, ...(violated !== undefined && { violated }) },
    );
  if (sessions.reason !== undefined) return done([], sessions.reason);
  const thinAir = thinAirReads(sessions, 'thin-air-read');
  const memoryBytes = budget.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  if (clockBytes(sessions) > memoryBytes) {
    return done(
      thinAir,
      `the bound of ${memoryBytes} bytes is too small: clocks take ${clockBytes(sessions)} bytes`,
    );
  }
  const order = causalOrder(sessions);
  if (order.cycle !== undefined) {
    return mask === ALL_GUARANTEES
      ? done([...thinAir, causalityCycle(sessions, order)])
      : done(thinAir, 'the history claims no real time, and reads return what was written only after them');
  }
  const violations = violationsOf(sessions, order.order, mask, pace);
  const found = violations.length > 0 ? smallestSets(sessions, order.order, mask, pace) : [];
  const anomalies = [...thinAir, ...found.flatMap(({ anomalies }) => anomalies)];
  const reason = pace.ended
    ? `the bound of ${pace.bound} was reached`
    : (unclear(sessions) ?? missing(judged, mask));
  return done(anomalies, reason, found.length > 0 ? found.map(({ name }) => name) : undefined);
}

/** Reads before which their session had done something. */
export function readsWithAPast({ count, isWrite, position }: SessionHistory): number {
  let reads = 0;
  for (let n = 0; n < count; n++) if (isWrite[n] === 0 && position[n]! > 1) reads++;
  return reads;
}

function missing(judged: number, mask: number): string | undefined {
  if (judged === 0) return 'no session read anything after another operation of its own';
  return (mask & (READ_YOUR_WRITES | MONOTONIC_READS)) === 0
    ? `reads of single keys cannot refute ${list(namesOf(mask))} alone: add read-your-writes or monotonic-reads`
    : undefined;
}

export function unclear({ ambiguous }: SessionHistory): string | undefined {
  return ambiguous === 0
    ? undefined
    : `${plural(ambiguous, 'read')} may have returned any of several writes of the same value and could not be judged`;
}

type Violation = Sighting | Contradiction;

function violationsOf(sessions: SessionHistory, order: Int32Array, mask: number, pace: Pace): Violation[] {
  const { initial, builder } = visibility(sessions, order, mask, pace);
  const keys = new Set<number>();
  const firsts = initial.filter(({ read }) => {
    const key = sessions.key[read]!;
    return keys.size < EXPLAINED_MAX && !keys.has(key) && keys.add(key);
  });
  return [...firsts, ...contradictions(builder, EXPLAINED_MAX, pace)];
}

/** The sets of guarantees that cannot be kept though every smaller one can, with their anomalies. */
function smallestSets(
  sessions: SessionHistory,
  order: Int32Array,
  mask: number,
  pace: Pace,
): { readonly name: string; readonly anomalies: readonly Anomaly[] }[] {
  const sets = Array.from({ length: ALL_GUARANTEES }, (_, n) => n + 1)
    .filter((set) => (set & ~mask) === 0)
    .sort((a, b) => namesOf(a).length - namesOf(b).length || a - b);
  const broken: number[] = [];
  const found: { name: string; anomalies: Anomaly[] }[] = [];
  for (const set of sets) {
    if (broken.some((smaller) => (smaller & set) === smaller)) continue;
    const violations = violationsOf(sessions, order, set, pace);
    if (violations.length === 0) continue;
    broken.push(set);
    const name = namesOf(set).join('+');
    found.push({ name, anomalies: violations.map((violation) => explain(sessions, violation, set, name)) });
  }
  return found;
}

function explain(sessions: SessionHistory, violation: Violation, mask: number, name: string): Anomaly {
  const names = new Names(sessions);
  const guarantees = namesOf(mask);
  const promise = `${list(guarantees)} ${guarantees.length === 1 ? 'is broken' : 'cannot be kept together'}`;
  const sentences =
    'read' in violation
      ? [initialInWords(sessions, violation, mask, names)]
      : orderInWords(sessions, violation, mask, names);
  const first = 'read' in violation ? violation.read : violation.writes[0]!;
  const key = sessions.keys[sessions.key[first]!];
  return {
    name,
    ...(key !== undefined && { key }),
    explanation: [`${capital(promise)}.`, ...sentences, `Here ${names.definitions()}.`].join(' '),
    operations: names.indices(),
    data: { guarantees },
  };
}

export function initialInWords(
  sessions: SessionHistory,
  { read, write }: Sighting,
  mask: number,
  names: Names,
  session?: Parameters<typeof pathInWords>[3],
): string {
  const path = pathBetween(sessions, write, read, mask) ?? [write, read];
  return `${names.of(read)} returned the initial value ${inWords(sessions.pairs[read]!.completion?.value ?? null)}, though ${names.of(write)} must have been visible to it: ${pathInWords(sessions, path, names, session)}.`;
}

/** Why each write of the cycle must come before the next, and what that comes to. */
export function orderInWords(
  sessions: SessionHistory,
  { writes, reasons }: Contradiction,
  mask: number,
  names: Names,
  session?: Parameters<typeof pathInWords>[3],
): string[] {
  for (const write of writes) names.of(write);
  const steps = writes.map((from, i) => {
    const next = (i + 1) % writes.length;
    const to = writes[next]!;
    const reason = reasons[next]!;
    const target = reason < 0 ? to : reason;
    const path = pathBetween(sessions, from, target, mask) ?? [from, target];
    const way = pathInWords(sessions, path, names, session);
    return reason < 0
      ? `${names.of(from)} must come before ${names.of(to)}: ${way}.`
      : `${names.of(from)} must come before ${names.of(to)}, since ${names.of(reason)} returned ${names.of(to)} while ${names.of(from)} was visible to it: ${way}.`;
  });
  return [...steps, `So ${names.of(writes[0]!)} would come before itself.`];
}

export function causalityCycle(sessions: SessionHistory, { cycle = [] }: CausalOrder): Anomaly {
  const names = new Names(sessions);
  const steps = cycle.flatMap((operation, i) => {
    if (sessions.isWrite[operation] === 1) return [];
    const after = cycle[(i + 1) % cycle.length]!;
    return [
      `${names.of(operation)} returned ${names.of(cycle[i - 1]!)} and came before ${names.of(after)} in its session.`,
    ];
  });
  return {
    name: 'CyclicCO',
    explanation: ['Cause and effect form a circle.', ...steps, `Here ${names.definitions()}.`].join(' '),
    operations: names.indices(),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import type { History } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { int32s } from '../transactions/arrays.ts';
import { Names } from './names.ts';
import { type BaseOrder, type Conflict, Saturation } from './saturation.ts';
import { readsWithAPast, unclear } from './session-guarantees.ts';
import {
  SESSION_OPTIONS,
  type SessionHistory,
  type SessionOptions,
  sessionHistory,
} from './session-history.ts';
import { thinAirReads } from './thin-air.ts';
import { viewInWords } from './view-proof.ts';

/** Sessions whose contradiction is explained at most. */
const EXPLAINED_MAX = 8;

/**
 * PRAM consistency (Lipton and Sandberg 1988), also called FIFO consistency, of read/write registers, all keys together: each session sees all
 * writes in some order that keeps the order of every session, with its own reads at their place, each of which returns the last write of its key. Sessions may
 * see the writes of different sessions in different orders.
 *
 * Exact if no read could have returned any of several writes. Such reads are left out: what is found without them is a violation, but nothing
 * found means `unknown`.
 */
export const pram: Checker<SessionOptions> = {
  name: 'pram',
  summary: 'each session sees the writes of every other in the order in which they were made: registers',
  cost: 'O(n m s) a round, s sessions that write, m writes that a session reads or writes; few rounds',
  options: { type: 'object', properties: SESSION_OPTIONS, additionalProperties: false },
  check: (history, options, budget) => check(history, options, budget),
};

function check(history: History, options: SessionOptions, budget: Budget): Verdict {
  const pace = new Pace(budget);
  const sessions = sessionHistory(history, options);
  const judged = readsWithAPast(sessions);
  const figures = { ...sessions.figures, judgedReads: judged };
  if (sessions.reason !== undefined) {
    return verdictOf(pram.name, { anomalies: [], reason: sessions.reason }, figures);
  }
  const { conflicts, failing } = conflictsOf(sessions, sessionOrder(sessions), pace, EXPLAINED_MAX);
  const anomalies = [
    ...thinAirReads(sessions, 'thin-air-read'),
    ...conflicts.map((conflict) => explainView(sessions, conflict, false, 'pram')),
  ];
  const reason = pace.ended
    ? `the bound of ${pace.bound} was reached`
    : (unclear(sessions) ?? (judged === 0 ? NOTHING_JUDGED : undefined));
  return verdictOf(
    pram.name,
    { anomalies, ...(reason !== undefined && { reason }) },
    { ...figures, ...(failing > 0 && { failingSessions: failing }) },
  );
}

export const NOTHING_JUDGED = 'no session read anything after another operation of its own';

/** The sessions that have no view, the first of them with their contradictions. */
export function conflictsOf(
  history: SessionHistory,
  base: BaseOrder,
  pace: Pace,
  most: number,
): { readonly conflicts: readonly Conflict[]; readonly failing: number } {
  const saturation = new Saturation(history, base, pace);
  const conflicts: Conflict[] = [];
  let failing = 0;
  for (let s = 0; s < history.sessions.length && !pace.ended; s++) {
    pace.tell(s, history.sessions.length);
    if (history.sessions[s]!.length < 2) continue;
    const conflict = saturation.conflict(s);
    if (conflict === undefined) continue;
    failing++;
    if (conflicts.length < most) conflicts.push(conflict);
  }
  return { conflicts, failing };
}

/** The order within each session, and nothing else. */
function sessionOrder({ sessions, session, position, isWrite, forkOf }: SessionHistory): BaseOrder {
  const column = int32s(sessions.length).fill(-1);
  let columns = 0;
  sessions.forEach((operations, s) => {
    if (operations.some((operation) => isWrite[operation] === 1)) column[s] = columns++;
  });
  const scratch = int32s(columns);
  return {
    columns,
    column,
    clock(write) {
      scratch.fill(0);
      scratch[column[session[write]!]!] = position[write]!;
      const stem = forkOf[session[write]!]!;
      // Positions of reads mean the writes before them. Without such writes there is no column.
      if (stem >= 0 && column[session[stem]!]! >= 0) scratch[column[session[stem]!]!] = position[stem]!;
      return scratch;
    },
  };
}

export function explainView(
  history: SessionHistory,
  conflict: Conflict,
  causal: boolean,
  name: string,
): Anomaly {
  const names = new Names(history);
  const steps = viewInWords(history, conflict, causal, names);
  const first = history.sessions[conflict.session]![0]!;
  const process = history.pairs[first]!.invocation.process;
  const key = history.keys[history.key[conflict.read]!];
  return {
    name,
    ...(key !== undefined && { key }),
    explanation: [
      `The session of process ${process} cannot have seen all writes in one order.`,
      ...steps,
      `Here ${names.definitions()}.`,
    ].join(' '),
    operations: names.indices(),
    data: { process },
  };
}

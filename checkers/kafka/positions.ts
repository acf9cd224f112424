import type { Pace } from '../budget.ts';
import { type Log, rankOf } from './logs.ts';
import type { LogOperation, Polled, Sent } from './operations.ts';

export type Step =
  | 'poll-skip'
  | 'nonmonotonic-poll'
  | 'int-poll-skip'
  | 'int-nonmonotonic-poll'
  | 'nonmonotonic-send'
  | 'int-nonmonotonic-send';

/** A consumer or producer that went on at the wrong place of a log. */
export interface Misstep {
  readonly name: Step;
  readonly log: Log;
  readonly from: { readonly operation: LogOperation; readonly offset: number };
  readonly to: { readonly operation: LogOperation; readonly offset: number };
  /** For skips: known offsets in between. Empty if there is only a gap. */
  readonly skipped: readonly number[];
}

interface Place {
  readonly operation: LogOperation;
  readonly offset: number;
  readonly batch: number;
}

/** One process: where its consumer and its producer are in each log. */
interface Cursor {
  polled: Map<string, Place>;
  readonly sent: Map<string, Place>;
  /** It is assigned keys by the system, which may move it at any time. */
  subscribed: boolean;
}

/**
 * Follows each process through the logs. A consumer goes on where it stopped, entry by entry: entries are offsets at which somebody saw a value or sent one with
 * success, or with `gaps` forbidden all offsets. It may begin anywhere after `assign` of a key that it did not have, `crash`, or an indeterminate `assign`; and
 * anywhere with each poll while it is subscribed, even within one operation. A producer's offsets grow. Stops once the
 * time is over: what was found until then holds. Cost: n log n.
 */
export function misstepsOf(
  operations: readonly LogOperation[],
  logs: ReadonlyMap<string, Log>,
  gapsAllowed: boolean,
  pace: Pace,
): Misstep[] {
  const found: Misstep[] = [];
  const cursors = new Map<number, Cursor>();
  for (const operation of operations) {
    if (pace.over(1 + operation.polls.length + operation.sends.length)) break;
    const { process } = operation.pair.invocation;
    let cursor = cursors.get(process);
    if (cursor === undefined) {
      cursor = { polled: new Map(), sent: new Map(), subscribed: false };
      cursors.set(process, cursor);
    }
    if (operation.moves !== undefined) move(cursor, operation);
    for (const polled of operation.polls) follow(found, cursor, operation, polled, logs, gapsAllowed);
    if (operation.outcome === 'fail') continue;
    for (const sent of operation.sends) send(found, cursor, operation, sent, logs);
  }
  return found;
}

function move(cursor: Cursor, { moves, outcome }: LogOperation): void {
  if (moves === undefined || (outcome === 'fail' && moves.f !== 'crash')) return;
  const stays = moves.f === 'assign' && outcome === 'ok' && !cursor.subscribed ? moves.keys : [];
  cursor.polled = new Map([...cursor.polled].filter(([key]) => stays.includes(key)));
  // Of an indeterminate subscription nobody knows; the cautious guess is that it holds.
  if (moves.f === 'subscribe') cursor.subscribed = true;
  else if (outcome === 'ok' || moves.f === 'crash') cursor.subscribed = false;
}

function follow(
  found: Misstep[],
  cursor: Cursor,
  operation: LogOperation,
  { key, offset, batch }: Polled,
  logs: ReadonlyMap<string, Log>,
  gapsAllowed: boolean,
): void {
  const log = logs.get(key);
  if (log === undefined) return;
  if (offset === undefined) {
    cursor.polled.delete(key);
    return;
  }
  const before = cursor.polled.get(key);
  cursor.polled.set(key, { operation, offset, batch });
  if (before === undefined) return;
  const isInternal = before.operation === operation;
  const mayHaveMoved = cursor.subscribed && !(isInternal && before.batch === batch);
  if (mayHaveMoved) return;
  const step = { log, from: before, to: { operation, offset } };
  if (offset <= before.offset) {
    found.push({ ...step, name: isInternal ? 'int-nonmonotonic-poll' : 'nonmonotonic-poll', skipped: [] });
    return;
  }
  const skipped = log.order.slice(rankOf(log, before.offset + 1), rankOf(log, offset));
  if (skipped.length > 0 || (!gapsAllowed && offset > before.offset + 1)) {
    found.push({ ...step, name: isInternal ? 'int-poll-skip' : 'poll-skip', skipped });
  }
}

/** The offset is what the system told, or the only one at which the value was polled, if it was sent only once. */
function send(
  found: Misstep[],
  { sent }: Cursor,
  operation: LogOperation,
  { key, identity, offset: told }: Sent,
  logs: ReadonlyMap<string, Log>,
): void {
  const log = logs.get(key);
  if (log === undefined) return;
  const places = log.places.get(identity);
  const isSure = log.senders.get(identity)?.length === 1 && places?.size === 1;
  const offset = told ?? (isSure ? [...places][0] : undefined);
  if (offset === undefined) return;
  const before = sent.get(key);
  sent.set(key, { operation, offset, batch: 0 });
  if (before === undefined || offset > before.offset) return;
  const name = before.operation === operation ? 'int-nonmonotonic-send' : 'nonmonotonic-send';
  found.push({ name, log, from: before, to: { operation, offset }, skipped: [] });
}

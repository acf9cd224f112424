import type { Context } from '../context.ts';
import { Blocked, NIL_ARRAY, type Reply } from '../protocol/reply.ts';

/**
 * What the attempt gives now, or once one of the keys has something, until that instant (0: for ever; null: now or never). An attempt that has waited passes
 * over a key of another kind.
 */
export function nowOrLater(
  context: Context,
  keys: readonly string[],
  until: number | null,
  attempt: (now: Context, waited: boolean) => Reply | undefined,
): Reply {
  const found = attempt(context, false);
  if (found !== undefined) return found;
  if (until === null) return NIL_ARRAY;
  return new Blocked(
    keys,
    until,
    (now) => attempt(now, true),
    () => NIL_ARRAY,
  );
}

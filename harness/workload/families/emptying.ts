import type { Generator } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { nothing } from '../generator.ts';

/** Indeterminate removals in a row after which a collection is given up at the end. */
const MOST_UNANSWERED = 20;

/** Removals (`f`) from the collections `k0`, `k1`, ..., one after the other, from each until it is found empty. */
export function emptying(f: string, keys: number): Generator {
  return concat(...Array.from({ length: keys }, (_, key) => emptyingOne(f, `k${key}`, undefined, 0)));
}

/** `open`: the thread of the removal that is under way, one at a time. */
function emptyingOne(f: string, key: string, open: number | undefined, unanswered: number): Generator {
  return {
    next(context) {
      const thread = context.free[0];
      if (open !== undefined || thread === undefined) return 'pending';
      return { emit: { f, key, value: null, thread }, rest: emptyingOne(f, key, thread, unanswered) };
    },
    update({ type, thread, value }) {
      if (type === 'invoke' || thread !== open) return this;
      if (type === 'ok') return (value ?? null) === null ? nothing : emptyingOne(f, key, undefined, 0);
      if (type === 'fail' || unanswered + 1 >= MOST_UNANSWERED) return nothing;
      return emptyingOne(f, key, undefined, unanswered + 1);
    },
  };
}

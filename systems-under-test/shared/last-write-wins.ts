import type { Json } from '../../harness/contract/index.ts';
import type { Resolution } from './resolution.ts';
import type { Dot } from './version-vector.ts';

type Write = { readonly time: number; readonly dot: Dot; readonly value: Json };

/** By time; writes of the same time by their actor's name and number, so that any two differ. */
function isLater(a: Write, b: Write): boolean {
  if (a.time !== b.time) return a.time > b.time;
  if (a.dot[0] !== b.dot[0]) return a.dot[0] > b.dot[0];
  return a.dot[1] > b.dot[1];
}

/**
 * One value per key, that of the write with the greatest timestamp (Thomas's write rule, 1979). Of two concurrent writes one is forgotten; and with a clock that is
 * wrong, a write that came after another one, and had read it.
 */
export const lastWriteWins: Resolution = {
  write(current, value, _context, { dot, time }) {
    const next: Write = { time, dot, value };
    return current === undefined ? next : this.merge(current, next);
  },
  merge: (a, b) => (isLater(b as Write, a as Write) ? b : a),
  values: (state) => [(state as Write).value],
  context: () => null,
  time: (state) => (state as Write).time,
  greatest(state, actor) {
    const [by, n] = (state as Write).dot;
    return by === actor ? n : 0;
  },
};

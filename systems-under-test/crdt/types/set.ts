import type { Json } from '../../../harness/contract/index.ts';
import {
  compareDots,
  covers,
  type Dot,
  join,
  NOTHING_KNOWN,
  type VersionVector,
  withDot,
} from '../../shared/version-vector.ts';
import type { DataType } from './data-type.ts';

/** Every addition has a dot. `known`: the additions that were ever heard of; those among them that are not in `alive` were removed. */
type Additions = {
  readonly known: VersionVector;
  readonly alive: readonly (readonly [dot: Dot, element: Json])[];
};

const NONE: Additions = { known: NOTHING_KNOWN, alive: [] };

type Alive = Additions['alive'][number];

const inOrder = ([a]: Alive, [b]: Alive): number => compareDots(a, b);

const isSame = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

function merge(a: Additions, b: Additions, keepsAll: boolean): Additions {
  const has = ({ alive }: Additions, [actor, n]: Dot) =>
    alive.some(([dot]) => dot[0] === actor && dot[1] === n);
  const kept = keepsAll ? a.alive : a.alive.filter(([dot]) => has(b, dot) || !covers(b.known, dot));
  const added = b.alive.filter(([dot]) => !has(a, dot) && (keepsAll || !covers(a.known, dot)));
  const isKnown = Object.entries(b.known).every((dot) => covers(a.known, dot));
  if (kept.length === a.alive.length && added.length === 0 && isKnown) return a;
  return { known: join(a.known, b.known), alive: [...kept, ...added].sort(inOrder) };
}

/**
 * The observed-remove set without tombstones (Bieniusa, Zawirski, Preguiça, Shapiro, Baquero, Balegas and Duarte, _An optimized conflict-free replicated set_, INRIA RR-8083, 2012; the report, section
 * 3.3.5): a removal takes away the additions that its replica knows of, and no others, so that an element that is added at the same time elsewhere stays.
 *
 * Invariant: a state that knows the n-th addition of an actor to this set has heard of all earlier ones, since whole states travel. A vector can then say what is known.
 *
 * Flaws: `removesForGood` remembers removed elements, not additions; `keepsAll` merges by union; `numbersAnew` forgets the numbers that it gave out before it was restarted.
 */
export function set(flaws: {
  readonly removesForGood: boolean;
  readonly keepsAll: boolean;
  readonly numbersAnew: boolean;
}): DataType {
  let numbered = 0;
  return {
    apply(current, { f, value, actor }) {
      const state = (current ?? NONE) as Additions;
      if (f === 'remove') {
        const alive = state.alive.filter(([, element]) => !isSame(element, value));
        if (!flaws.removesForGood) return alive.length === state.alive.length ? current : { ...state, alive };
        const grave: Alive = [[`removed ${JSON.stringify(value)}`, 1], null];
        return { known: withDot(state.known, grave[0]), alive };
      }
      if (flaws.removesForGood && covers(state.known, [`removed ${JSON.stringify(value)}`, 1]))
        return current;
      const dot: Dot = [actor, flaws.numbersAnew ? ++numbered : (state.known[actor] ?? 0) + 1];
      const others = state.alive.filter(([, element]) => !isSame(element, value));
      return { known: withDot(state.known, dot), alive: [...others, [dot, value] as const].sort(inOrder) };
    },
    merge: (a, b) => merge(a as Additions, b as Additions, flaws.keepsAll),
    show: (state) => [...new Set(((state ?? NONE) as Additions).alive.map(([, element]) => element))],
  };
}

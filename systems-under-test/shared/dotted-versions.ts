import type { Json } from '../../harness/contract/index.ts';
import type { Resolution } from './resolution.ts';
import {
  compareDots,
  covers,
  type Dot,
  join,
  NOTHING_KNOWN,
  type VersionVector,
  withDot,
} from './version-vector.ts';

/** `context`: what the writer had seen of this key. It supersedes every version whose dot is covered. */
type Version = {
  readonly dot: Dot;
  readonly context: VersionVector;
  readonly value: Json;
  readonly time: number;
};

type Siblings = readonly Version[];

const isSameDot = (a: Version, b: Version): boolean => a.dot[0] === b.dot[0] && a.dot[1] === b.dot[1];

function merge(a: Siblings, b: Siblings): Siblings {
  const isSuperseded = (version: Version, by: Siblings) =>
    by.some(({ context }) => covers(context, version.dot));
  const kept = a.filter((version) => !isSuperseded(version, b));
  const added = b.filter(
    (version) => !isSuperseded(version, a) && !a.some((other) => isSameDot(version, other)),
  );
  if (kept.length === a.length && added.length === 0) return a;
  return [...kept, ...added].sort((x, y) => compareDots(x.dot, y.dot));
}

/**
 * Version vectors with dots (Preguiça, Baquero, Almeida, Fonte and Gonçalves 2012; Dynamo, SOSP 2007, section 4.4 has the vectors): each write has a dot of its own, apart from
 * the vector of what its client had read. Concurrent writes are kept as siblings, until somebody writes who has read them.
 *
 * With the dot inside of the vector, two blind writes at one server would be {s: 1} and {s: 2}: the second would seem to have seen the first, and replace it. The flaw
 * `dot-in-vector` does so.
 *
 * Invariant: a state that knows the n-th write of an actor to this key knows all earlier ones of that actor to it, or what superseded them. A reader's context, a
 * vector, then never covers what the reader did not see. It holds because an actor's own copy knows all its writes, and copies send and merge whole states.
 */
export function dottedVersions(dotInVector: boolean): Resolution {
  return {
    write(current, value, context, { dot, time }) {
      const seen = (context ?? NOTHING_KNOWN) as VersionVector;
      const [actor, n] = dot;
      const version = { dot, context: dotInVector ? withDot(seen, [actor, n - 1]) : seen, value, time };
      return merge((current ?? []) as Siblings, [version]);
    },
    merge: (a, b) => merge(a as Siblings, b as Siblings),
    values: (state) => (state as Siblings).map(({ value }) => value),
    context: (state) =>
      (state as Siblings).reduce<VersionVector>(
        (known, { dot, context }) => withDot(join(known, context), dot),
        NOTHING_KNOWN,
      ),
    time: (state) => Math.max(0, ...(state as Siblings).map(({ time }) => time)),
    greatest: (state, actor) =>
      Math.max(
        0,
        ...(state as Siblings).map(({ dot, context }) =>
          Math.max(context[actor] ?? 0, dot[0] === actor ? dot[1] : 0),
        ),
      ),
  };
}

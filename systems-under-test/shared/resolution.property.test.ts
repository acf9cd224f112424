import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, type Json } from '../../harness/contract/index.ts';
import { dottedVersions } from './dotted-versions.ts';
import { lastWriteWins } from './last-write-wins.ts';
import type { Resolution } from './resolution.ts';

const ACTORS = ['a', 'b', 'c'];

type Step = {
  readonly at: number;
  readonly from: number;
  readonly does: 'write' | 'blind' | 'merge';
  readonly time: number;
};

const steps = fc.array(
  fc.record({
    at: fc.nat(2),
    from: fc.nat(2),
    does: fc.constantFrom('write' as const, 'blind' as const, 'merge' as const),
    time: fc.nat(5),
  }),
  { minLength: 3, maxLength: 14 },
);

/** Three copies that coordinate writes and take in each other's states; `seen`: of each value, those that its writer had read. */
function replicate(resolution: Resolution, drawn: readonly Step[]) {
  const copies: (Json | undefined)[] = [undefined, undefined, undefined];
  const seen = new Map<number, readonly number[]>();
  drawn.forEach(({ at, from, does, time }, nth) => {
    const copy = copies[at];
    const other = copies[from];
    if (does === 'merge') {
      copies[at] =
        copy === undefined || other === undefined ? (copy ?? other) : resolution.merge(copy, other);
      return;
    }
    const read = does === 'blind' ? undefined : other;
    seen.set(nth, read === undefined ? [] : (resolution.values(read) as readonly number[]));
    const context = read === undefined ? null : resolution.context(read);
    copies[at] = resolution.write(copy, nth, context, { dot: [ACTORS[at]!, nth + 1], time });
  });
  return { states: copies.filter((copy) => copy !== undefined), seen };
}

describe.each([
  ['dotted versions', dottedVersions(false)],
  ['last write wins', lastWriteWins],
])('merging %s', (_, resolution) => {
  it('does not depend on order, grouping or repetition', () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const { states } = replicate(resolution, drawn);
        const [a, b = a, c = b] = states;
        if (a === undefined || b === undefined || c === undefined) return;
        const { merge } = resolution;
        expect(encode(merge(a, b))).toEqual(encode(merge(b, a)));
        expect(encode(merge(merge(a, b), c))).toEqual(encode(merge(a, merge(b, c))));
        expect(merge(a, a)).toBe(a);
        const both = merge(a, b);
        expect(merge(both, a)).toBe(both);
      }),
    );
  });
});

/** What is left when those are taken away that others, through any number of steps, had seen. */
function maximal(seen: ReadonlyMap<number, readonly number[]>): number[] {
  const superseded = new Set<number>();
  const visit = (value: number): void => {
    for (const before of seen.get(value) ?? []) {
      superseded.add(before);
      visit(before);
    }
  };
  for (const value of seen.keys()) visit(value);
  return [...seen.keys()].filter((value) => !superseded.has(value)).sort((a, b) => a - b);
}

describe('dotted versions', () => {
  const merged = (resolution: Resolution, drawn: readonly Step[]) => {
    const { states, seen } = replicate(resolution, drawn);
    const state = states.reduce<Json | undefined>(
      (all, each) => (all === undefined ? each : resolution.merge(all, each)),
      undefined,
    );
    const values = state === undefined ? [] : (resolution.values(state) as readonly number[]);
    return { values: [...values].sort((a, b) => a - b), seen };
  };

  it('keep exactly the values that no other writer had seen', () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const { values, seen } = merged(dottedVersions(false), drawn);
        expect(values).toEqual(maximal(seen));
      }),
    );
  });

  it('do not where the dot is in the vector', () => {
    const blind = { at: 0, from: 0, does: 'blind', time: 0 } as const;
    expect(merged(dottedVersions(false), [blind, blind]).values).toEqual([0, 1]);
    expect(merged(dottedVersions(true), [blind, blind]).values).toEqual([1]);
  });
});

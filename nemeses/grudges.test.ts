import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pairs } from '../harness/contract/index.ts';
import { apart, bridge, halves, majoritiesRing, oneWay, ringOfMajorities } from './grudges.ts';

const FIVE = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** `n1>n2` for each cut direction, sorted. */
function cuts(pairs: Pairs): string[] {
  return pairs.map(([from, to]) => `${from}>${to}`).sort();
}

/** Whom a host still hears and reaches, itself included. */
function sees(host: string, everyone: readonly string[], pairs: Pairs): string[] {
  const cut = new Set(cuts(pairs));
  return everyone.filter((other) => !cut.has(`${host}>${other}`) && !cut.has(`${other}>${host}`));
}

describe('halves', () => {
  it('cuts each pair across both ways, and no other', () => {
    expect(cuts(halves(['a', 'b'], ['a', 'b', 'c']))).toEqual(['a>c', 'b>c', 'c>a', 'c>b']);
  });

  it('leaves exactly the own side visible, whatever the side', () => {
    fc.assert(
      fc.property(fc.subarray(FIVE), (side) => {
        const pairs = halves(side, FIVE);
        for (const host of FIVE) {
          const own = FIVE.filter((other) => side.includes(other) === side.includes(host));
          expect(sees(host, FIVE, pairs)).toEqual(own);
        }
      }),
    );
  });
});

describe('bridge', () => {
  it('leaves one host that sees everyone, and two sides that see only it and themselves', () => {
    const pairs = bridge('n3', ['n1', 'n2'], FIVE);
    expect(FIVE.map((host) => sees(host, FIVE, pairs))).toEqual([
      ['n1', 'n2', 'n3'],
      ['n1', 'n2', 'n3'],
      FIVE,
      ['n3', 'n4', 'n5'],
      ['n3', 'n4', 'n5'],
    ]);
  });

  it('is the same if the bridge is counted among the side', () => {
    expect(bridge('n3', ['n1', 'n3', 'n2'], FIVE)).toEqual(bridge('n3', ['n1', 'n2'], FIVE));
  });
});

describe('oneWay', () => {
  it('cuts what the side says, or what it hears', () => {
    expect(cuts(oneWay(['a'], ['a', 'b', 'c'], 'out'))).toEqual(['a>b', 'a>c']);
    expect(cuts(oneWay(['a'], ['a', 'b', 'c'], 'in'))).toEqual(['b>a', 'c>a']);
  });
});

describe('apart', () => {
  it('leaves everyone alone', () => {
    const pairs = apart(FIVE);
    expect(FIVE.map((host) => sees(host, FIVE, pairs))).toEqual(FIVE.map((host) => [host]));
  });
});

describe('a ring of majorities', () => {
  it('is a line of three, and the neighbours of four and five', () => {
    expect(ringOfMajorities(3)).toEqual([
      [0, 1],
      [0, 1, 2],
      [1, 2],
    ]);
    expect(ringOfMajorities(4)).toEqual([
      [0, 1, 3],
      [0, 1, 2],
      [1, 2, 3],
      [0, 2, 3],
    ]);
    expect(ringOfMajorities(5)).toEqual([
      [0, 1, 4],
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
      [0, 3, 4],
    ]);
  });

  it.each(Array.from({ length: 30 }, (_, nth) => nth + 3))(
    'of %i: everyone sees a majority, no two the same one, and seeing is mutual',
    (n) => {
      const views = ringOfMajorities(n);
      expect(views).toHaveLength(n);
      expect(new Set(views.map(String)).size).toBe(n);
      for (const [at, view] of views.entries()) {
        expect(view).toContain(at);
        expect(view.length).toBeGreaterThan(n / 2);
        for (const other of view) expect(views[other]).toContain(at);
      }
    },
  );

  it('is impossible below three', () => {
    expect(() => ringOfMajorities(2)).toThrow('expected at least 3 hosts for a ring of majorities, got 2');
  });

  it('puts clients beside servers in turn, who see what these see', () => {
    const everyone = [...FIVE, 'c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
    const pairs = majoritiesRing(FIVE, everyone);
    for (const [nth, server] of FIVE.entries()) {
      const view = sees(server, FIVE, pairs);
      expect(view).toHaveLength(3);
      expect(sees(`c${nth + 1}`, FIVE, pairs)).toEqual(view);
    }
    expect(sees('c6', FIVE, pairs)).toEqual(sees('n1', FIVE, pairs));
  });
});

import { describe, expect, it } from 'vitest';
import { type Json, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { cacheAside } from './index.ts';
import { cacheHosts, membersAfter } from './options.ts';

const short = { time: 5 * SECOND };

describe('cache-aside', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(cacheAside, seed, short))).toEqual([]);
  });

  it.each<Json>([
    { router: 'modulo' },
    { router: 'rendezvous' },
    { leases: true },
    { changes: [] },
    { ttl: SECOND, capacity: 3 },
  ])('is valid without faults, with %j', async (options) => {
    expect(complaints(await trial(cacheAside, 1, { ...short, faults: [], options }))).toEqual([]);
  });

  it.each([
    ['no-expiry', ['request-loss', 'partition-halves']],
    ['hit-renews-expiry', ['request-loss', 'partition-halves']],
    ['wrong-key', ['kill']],
    ['acknowledges-before-store', ['request-loss', 'partition-halves']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    const result = await caught(cacheAside, flaw, { faults }, 25);
    expect(result).toMatchObject({ without: [] });
  });

  it('adds and removes cache servers while it runs, and tells hits from misses', async () => {
    const { events } = await trial(cacheAside, 1, { time: 8 * SECOND, faults: [] });
    const notes = events.flatMap((event) => ('kind' in event ? [event] : []));
    expect(notes.filter(({ kind }) => kind === 'members').map(({ data }) => data)).toEqual([
      { members: ['cache1', 'cache2', 'cache3'] },
      { members: ['cache1', 'cache2', 'cache3', 'cache4'] },
      { members: ['cache2', 'cache3', 'cache4'] },
    ]);
    const hosts = new Set(notes.filter(({ kind }) => kind === 'cache').map(({ host }) => host));
    expect([...hosts].sort()).toEqual(['cache1', 'cache2', 'cache3', 'cache4']);
    const hits = notes.filter(({ kind, data }) => kind === 'cache' && (data as { hit: boolean }).hit).length;
    expect(hits).toBeGreaterThan(50);
  });

  it.each([
    ['consistent-hash', 1, 0],
    ['rendezvous', 1, 0],
    ['modulo', 3, 1],
  ])('moves keys as %s does when cache servers come and go', async (router, times, needless) => {
    const options = { router, changes: [{ at: 3 * SECOND, add: 3 }] };
    const { judgement } = await trial(cacheAside, 1, { time: 6 * SECOND, faults: [], options, rate: 400 });
    const figuresOf = (name: string) => judgement.verdicts.find(({ checker }) => checker === name)!.figures;
    const { changes } = figuresOf('key-movement') as { changes: { [name: string]: number }[] };
    expect(changes).toHaveLength(1);
    const { keys, share, ideal, needless: moved } = changes[0]!;
    expect(keys).toBeGreaterThan(15);
    expect(ideal).toBe(0.25);
    // Some twenty keys: within a good deal of what is expected of ever so many.
    expect(Math.abs(share! - times * 0.25)).toBeLessThan(0.25);
    expect(Math.sign(moved!)).toBe(needless);
    expect(figuresOf('cache-hit-rate')).toMatchObject({
      lookups: expect.any(Number),
      rate: expect.any(Number),
    });
    const { loads } = figuresOf('load-balance') as { loads: { nodes: object }[] };
    expect(loads.map(({ nodes }) => Object.keys(nodes))).toEqual([
      ['cache1', 'cache2', 'cache3'],
      ['cache1', 'cache2', 'cache3', 'cache4'],
    ]);
  });
});

describe('the membership', () => {
  const options = {
    caches: 2,
    changes: [
      { at: 1, add: 4 },
      { at: 2, remove: 0 },
    ],
  };

  it('follows the changes', () => {
    expect([0, 1, 2].map((applied) => membersAfter(options, applied))).toEqual([
      [0, 1],
      [0, 1, 4],
      [1, 4],
    ]);
  });

  it('needs as many hosts as ever take part', () => {
    expect(cacheHosts(options)).toBe(5);
  });
});

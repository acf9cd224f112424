import { describe, expect, it } from 'vitest';
import type { Json } from '../../harness/contract/index.ts';
import { START } from '../shared/position.ts';
import { PlainHost } from '../testing/plain-host.ts';
import { Site } from './site.ts';

const MS = 1_000_000;
const options = {
  mode: 'synchronous',
  heartbeat: 50 * MS,
  electionTimeoutMin: 300 * MS,
  electionTimeoutMax: 600 * MS,
  lonelyAfter: 1000 * MS,
  siteTimeout: 200 * MS,
  checkpointBytes: 10_000,
};
const at = (term: number, sequence: number) => ({ epoch: [term, 1], sequence }) as const;

/** The site `s1`; the test plays `s2` and `s3`, which know of term 5. */
async function site(incarnation = 1, storage = new PlainHost('s1').storage) {
  const plain = new PlainHost('s1', incarnation, storage);
  plain.answer = (_, message) =>
    (message as { readonly f: string }).f === 'term' ? { term: 5, whole: true } : undefined;
  const setting = { options, hosts: { server: ['s1', 's2', 's3'] }, flaw: () => false };
  void new Site(plain.host, setting as never).run();
  await plain.pass(10 * MS);
  const ask = async (message: object, from = 's2') => {
    const reply = await plain.ask(message as Json, from);
    return reply as { readonly type?: string; readonly term?: number; readonly granted?: boolean };
  };
  return { ...plain, plain, ask };
}
const elect = (term: number) => ({ f: 'elect', pre: false, term, position: at(9, 9) });
const append = (term: number, sequence: number, after: object = START) => ({
  f: 'append',
  term,
  after,
  entries: [{ position: at(term, sequence), changes: [['x', sequence]] }],
});
const install = (term: number, sequence: number, incarnation = 1) => ({
  f: 'install',
  term,
  incarnation,
  position: at(term, sequence),
  entries: [['x', sequence]],
});

describe('a site', () => {
  it('votes once in a term, and in none that is over', async () => {
    const { ask, broken } = await site();
    expect(await ask(elect(5))).toEqual({ granted: true, term: 5 });
    expect(await ask(elect(5), 's3')).toMatchObject({ granted: false });
    expect(await ask(elect(3), 's3')).toEqual({ granted: false, term: 5 });
    expect(broken).toEqual([]);
  });

  it('would vote when nobody leads, however often it has tried in vain itself', async () => {
    const { ask, plain } = await site();
    await ask(append(5, 1));
    plain.answer = () => ({ granted: false, term: 5 });
    const question = { ...elect(6), pre: true };
    expect(await ask(question)).toMatchObject({ granted: false });
    await plain.pass(300 * MS);
    for (let nth = 0; nth < 60; nth++) {
      expect(await ask(question)).toMatchObject({ granted: true });
      await plain.pass(20 * MS);
    }
  });

  it('knows after a loss of power in which term it voted', async () => {
    const { ask, storage } = await site();
    await ask(elect(5));
    storage.losePower();
    expect(await (await site(2, storage)).ask({ f: 'term' })).toEqual({ term: 5, whole: true });
  });

  it('follows no leader whose term is over', async () => {
    const { ask, broken } = await site();
    expect(await ask(append(5, 1))).toMatchObject({ type: 'ok' });
    expect(await ask(append(3, 1))).toEqual({ type: 'old', term: 5 });
    expect(broken).toEqual([]);
  });

  it('takes records where they go on from its copy', async () => {
    const { ask } = await site();
    await ask(append(5, 1));
    expect(await ask(append(5, 1))).toMatchObject({ type: 'differs', position: at(5, 1) });
    expect(await ask(append(5, 2, at(5, 1)))).toMatchObject({ type: 'ok', position: at(5, 2) });
  });

  it('takes the whole state where that is newer, and if it was meant for this process', async () => {
    const { ask, broken } = await site();
    expect(await ask(install(5, 7, 3))).toMatchObject({ type: 'unable' });
    expect(await ask(install(5, 7))).toMatchObject({ type: 'ok', position: at(5, 7) });
    expect(await ask(install(5, 6))).toMatchObject({ type: 'ok', position: at(5, 7) });
    expect(broken).toEqual([]);
  });

  it('that lost its disk believes no leader of an older term than the others know', async () => {
    const { ask } = await site(2);
    expect(await ask({ f: 'term' })).toMatchObject({ whole: false });
    expect(await ask(append(4, 1))).toEqual({ type: 'unable' });
    expect(await ask({ f: 'term' })).toMatchObject({ whole: false });
    expect(await ask(append(5, 1))).toMatchObject({ type: 'ok' });
    expect(await ask({ f: 'term' })).toEqual({ term: 5, whole: true });
  });
});

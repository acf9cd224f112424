import { expect, it } from 'vitest';
import { PlainHost } from '../testing/plain-host.ts';
import type { Report } from './chunk.ts';
import { Copies } from './copies.ts';
import { Locations } from './locations.ts';
import { Master } from './master.ts';

const CHUNK = { handle: 'f.0', version: 1 };

it('counts no copy that the next loss of power could take', async () => {
  const { host, storage } = new PlainHost('c1');
  // The process before died between a write and its sync.
  await new Copies(host, 16, { skipSync: true }).store(CHUNK, 'data');
  const opened = async () => {
    const copies = new Copies(host, 16, { skipSync: false });
    await copies.open();
    return copies.ids(true);
  };
  expect(await opened()).toEqual(['f.0@1']);
  storage.losePower();
  expect(await opened()).toEqual(['f.0@1']);
});

it('takes no report that a later one has overtaken', () => {
  const locations = new Locations(
    ['c1'],
    (nth) => nth,
    1000,
    () => 0,
  );
  const report = (incarnation: number, nth: number, ...copies: string[]) =>
    locations.heard('c1', { f: 'report', incarnation, nth, copies, damaged: [], failed: false, time: 0 });
  expect([report(1, 2, 'f.0@1'), report(1, 1), report(1, 2)]).toEqual([true, false, false]);
  expect(locations.holders(CHUNK)).toEqual(['c1']);
  expect([report(2, 1), report(1, 3, 'f.0@1')]).toEqual([true, false]);
  expect(locations.holders(CHUNK)).toEqual([]);
});

it('answers a commit that comes again, and leaves open what became of one that it does not know', async () => {
  const MS = 1_000_000;
  const options = {
    chunks: 1,
    copies: 1,
    racks: 2,
    leaseTime: 100 * MS,
    deadAfter: 1e12,
    reportInterval: 50 * MS,
  };
  const plain = new PlainHost('master');
  const setting = {
    options: { ...options, checkpointBytes: 9999 },
    hosts: { chunk: ['c1'] },
    flaw: () => false,
  };
  void new Master(plain.host, setting as never).start();
  await plain.pass(MS);
  await plain.ask(
    { f: 'report', incarnation: 1, nth: 1, copies: [], damaged: [], failed: false, time: 0 } satisfies Report,
    'c1',
  );
  const { version } = (await plain.ask({ f: 'begin', file: 'f', avoid: [] }, 'x')) as { version: number };
  const commit = (of: number) => plain.ask({ f: 'commit', file: 'f', version: of, base: null }, 'x');
  expect(await commit(version)).toMatchObject({ type: 'ok' });
  await plain.pass(1000 * MS);
  // The lease and its answer are forgotten with the next one.
  await plain.ask({ f: 'begin', file: 'f', avoid: [] }, 'x');
  expect(await commit(version)).toMatchObject({ type: 'ok' });
  expect(await commit(version + 7)).toMatchObject({ type: 'info', error: 'no-lease' });
});

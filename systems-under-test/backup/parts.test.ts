import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../shared/record.ts';
import { plainDisk } from '../shared/testing/plain-disk.ts';
import { PlainHost } from '../testing/plain-host.ts';
import { Copy, NOTHING, readIntact } from './copy.ts';
import { startKeeper } from './keeper.ts';
import type { Position } from './messages.ts';

async function copyOf(count: number) {
  const storage = plainDisk();
  const copy = new Copy(storage.disk, 10_000);
  await copy.replace(NOTHING);
  for (let n = 1; n <= count; n++) await copy.append([['x', n]]);
  return { copy, ...storage };
}

describe('a copy', () => {
  it('that took another state is that, whatever happens to the power', async () => {
    const { copy, disk, losePower } = await copyOf(2);
    const state = { sequence: 7, entries: [['x', 7]] as const };
    await copy.replace(state);
    losePower();
    expect(await readIntact(disk)).toEqual(state);
  });

  it('is nothing without the records that its log begins after', async () => {
    const { disk, files } = await copyOf(0);
    files.set('log', encodeRecord(5, [['x', 5]]));
    expect(await readIntact(disk)).toBeUndefined();
  });

  it('writes anew what was deleted under it, and nothing else', async () => {
    const { copy, disk, files } = await copyOf(3);
    expect(await copy.verify()).toBe(false);
    files.clear();
    expect(await copy.verify()).toBe(true);
    expect(await readIntact(disk)).toEqual({ sequence: 3, entries: [['x', 3]] });
  });
});

describe('the backup', () => {
  async function keeper() {
    const plain = new PlainHost('backup');
    void startKeeper(plain.host, { options: { snapshotBytes: 10_000 }, flaw: () => false } as never);
    await plain.pass(1);
    const ask = async (request: object) => (await plain.ask(request as never, 'server')) as Position;
    const hello = async () => (await ask({ f: 'hello' })).token;
    return { plain, ask, hello };
  }
  const ship = (token: string, from: number, ...values: number[]) => ({
    f: 'ship',
    token,
    from,
    records: values.map((value) => [['x', value]]),
  });
  const snapshot = (token: string, sequence: number) => ({
    f: 'snapshot',
    token,
    state: { sequence, entries: [['x', sequence]] },
  });

  it('takes what goes on from what it has, once', async () => {
    const { ask, hello } = await keeper();
    const token = await hello();
    expect((await ask(ship(token, 1, 1, 2))).sequence).toBe(2);
    expect((await ask(ship(token, 1, 1, 2, 3))).sequence).toBe(3);
    expect((await ask(ship(token, 9, 9))).sequence).toBe(3);
  });

  it('refuses what was sent in an earlier conversation', async () => {
    const { ask, hello } = await keeper();
    const old = await hello();
    const token = await hello();
    expect((await ask(ship(old, 1, 1))).type).toBe('refused');
    expect((await ask(snapshot(old, 4))).type).toBe('refused');
    expect(await ask({ f: 'hello' })).toMatchObject({ sequence: 0 });
    expect(token).not.toBe(old);
  });

  it('does not go back to an older state', async () => {
    const { plain, ask, hello } = await keeper();
    const token = await hello();
    expect((await ask(snapshot(token, 5))).sequence).toBe(5);
    expect((await ask(snapshot(token, 4))).sequence).toBe(5);
    expect(plain.broken).toEqual([]);
  });
});

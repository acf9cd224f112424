import { describe, expect, it } from 'vitest';
import type { Disk } from '../../harness/contract/index.ts';
import { MergeStore } from './merge-store.ts';
import { plainDisk } from './testing/plain-disk.ts';

async function opened(disk: Disk, incarnation: number, checkpointBytes = 10_000): Promise<MergeStore> {
  const host = { name: 'n1', incarnation, disk, sleep: async () => {}, exit: () => {}, note: () => {} };
  const store = new MergeStore(host, { checkpointBytes });
  await store.open();
  return store;
}

/** A copy of two keys that is known to be whole. */
async function whole(disk: Disk, checkpointBytes?: number): Promise<void> {
  const store = await opened(disk, 1, checkpointBytes);
  await store.completed();
  await store.update('x', () => 1);
  await store.update('y', () => 2);
}

describe('a merge store', () => {
  it('changes a key from what is there, leaves it, and removes it', async () => {
    const store = await opened(plainDisk().disk, 1);
    const sums = [1, 2, 3].map((n) => store.update('x', (current) => ((current as number) ?? 0) + n));
    expect(await Promise.all(sums)).toEqual([1, 3, 6]);
    expect(await store.update('x', () => undefined)).toBe(6);
    expect([...store.entries()]).toEqual([['x', 6]]);
    await store.update('x', () => null);
    expect([...store.entries()]).toEqual([]);
  });

  it.each([10_000, 256, 1])('is the same copy after a restart, checkpoints at %i bytes', async (bytes) => {
    const { disk } = plainDisk();
    await whole(disk, bytes);
    const store = await opened(disk, 2, bytes);
    expect([store.actor, store.complete]).toEqual(['n1/1', true]);
    expect(new Map(store.entries())).toEqual(
      new Map([
        ['x', 1],
        ['y', 2],
      ]),
    );
  });

  it('on an empty disk is another copy, that may lack something', async () => {
    const { disk, files } = plainDisk();
    await whole(disk);
    files.clear();
    const store = await opened(disk, 7);
    expect([store.actor, store.complete, store.get('x')]).toEqual(['n1/7', false, undefined]);
  });

  it.each<[what: string, damage: (log: Uint8Array) => Uint8Array, left: number | undefined]>([
    ['a record that was not finished', (log) => new Uint8Array([...log, 1, 2, 3]), 1],
    ['a record that was damaged', (log) => log.map((byte, at) => (at === 20 ? byte ^ 1 : byte)), undefined],
  ])('with %s is another copy until it is completed, also after a restart', async (_, damage, left) => {
    const { disk, files } = plainDisk();
    await whole(disk);
    files.set('log', damage(files.get('log')!));
    await opened(disk, 2);
    const store = await opened(disk, 3);
    expect([store.actor, store.complete, store.get('x')]).toEqual(['n1/2', false, left]);
    await store.completed();
    expect((await opened(disk, 4)).complete).toBe(true);
  });

  it('that lost something is not the copy that it was before, not even when the power fails then', async () => {
    const { disk, files, losePower } = plainDisk();
    await whole(disk);
    await disk.sync('identity');
    files.set('log', new Uint8Array([...files.get('log')!, 1, 2, 3]));
    await opened(disk, 2);
    losePower();
    const store = await opened(disk, 3);
    expect([store.actor === 'n1/1', store.complete]).toEqual([false, false]);
  });
});

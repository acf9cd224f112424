import { expect, it } from 'vitest';
import { type Disk, DiskFailure } from '../../harness/contract/index.ts';
import { Replica } from './replica.ts';
import { plainDisk } from './testing/plain-disk.ts';

const clock = { monotonic: () => 0, wall: () => 0 };
const nothing = (): void => {};

/** The disk, on which only so many removals succeed: then the machine dies. */
function dyingAfter(disk: Disk, removals: number): Disk {
  let left = removals;
  return {
    ...disk,
    remove: async (file) => {
      if (left-- === 0) throw new Error('the machine died');
      await disk.remove(file);
    },
  };
}

async function opened(disk: Disk) {
  const replica = new Replica({ clock, disk, always: nothing, copies: nothing, exit: nothing }, 10_000);
  const damage = await replica.open();
  return { replica, damage };
}

/** A copy of one change that was whole at the beginning of view 3, and a log that can no longer be read. */
async function damaged() {
  const { disk, files } = plainDisk();
  const { replica } = await opened(disk);
  await replica.keepReady(3);
  await replica.append({ epoch: [3, 1], sequence: 1 }, [['x', 1]]);
  await replica.tidy();
  const unreadable: Disk = {
    ...disk,
    read: async (file, ...rest) => {
      if (file === 'log-0' && files.has(file)) throw new DiskFailure(file, 'unreadable sector at byte 0');
      return await disk.read(file, ...rest);
    },
  };
  return { disk, unreadable };
}

it('is the same copy after a restart', async () => {
  const { disk } = await damaged();
  const { replica, damage } = await opened(disk);
  expect([damage, replica.ready, replica.position, [...replica.table.entries()]]).toEqual([
    undefined,
    3,
    { epoch: [3, 1], sequence: 1 },
    [['x', 1]],
  ]);
});

it.each([0, 1, 2])(
  'that is given up is never taken for whole, if the machine dies after %i removals',
  async (removals) => {
    const { unreadable } = await damaged();
    if (removals < 2)
      await expect(opened(dyingAfter(unreadable, removals))).rejects.toThrow('the machine died');
    else await opened(dyingAfter(unreadable, removals));
    // What could not be read before can be read now, or is gone.
    const { replica } = await opened(unreadable);
    expect([replica.ready, replica.position.sequence]).toEqual([0, 0]);
  },
);

it('was whole at the beginning of a view, whatever happens to the power', async () => {
  const { disk, losePower } = plainDisk();
  const { replica } = await opened(disk);
  await replica.keepReady(3);
  losePower();
  expect((await opened(disk)).replica.ready).toBe(3);
});

it('that was installed stays, and one that was given up stays away, whatever happens to the power', async () => {
  const { disk, files, losePower } = plainDisk();
  const { replica } = await opened(disk);
  await replica.keepReady(3);
  const position = { epoch: [3, 1], sequence: 7 } as const;
  await replica.install({ position, entries: [['x', 1]] });
  losePower();
  expect((await opened(disk)).replica.position).toEqual(position);
  files.set('state', new Uint8Array([1, 2, 3, 4, 5]));
  expect((await opened(disk)).damage).toContain('checksum');
  losePower();
  expect((await opened(disk)).replica.ready).toBe(0);
});

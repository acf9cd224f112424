import { expect, it } from 'vitest';
import { plainDisk } from '../shared/testing/plain-disk.ts';
import { Blocks } from './blocks.ts';

const SLOT = 128;
const block = (value: number) => ({ key: 'x', value, writer: `w${value}` });

it('writes the version after the one that it is told, once', async () => {
  const blocks = await Blocks.open(plainDisk().disk, SLOT, false);
  expect(await blocks.put(block(1), 0)).toBe(true);
  expect(await blocks.put(block(1), 0)).toBe(false);
  expect(await blocks.put(block(2), 1)).toBe(true);
  expect(await blocks.get('x')).toEqual({ ...block(2), version: 2 });
});

it('shows nothing that the next loss of power could take', async () => {
  const { disk, losePower } = plainDisk();
  // The process before died between a write and its sync.
  await (await Blocks.open(disk, SLOT, true)).put(block(1), 0);
  expect((await (await Blocks.open(disk, SLOT, false)).get('x'))?.value).toBe(1);
  losePower();
  expect((await (await Blocks.open(disk, SLOT, false)).get('x'))?.value).toBe(1);
});

it('does not show the version before, when the newest one is damaged', async () => {
  const { disk, files } = plainDisk();
  const blocks = await Blocks.open(disk, SLOT, false);
  await blocks.put(block(1), 0);
  await blocks.put(block(2), 1);
  files.get('blocks')![20]! ^= 1;
  await expect(blocks.get('x')).rejects.toThrow('the block of x is not what was written last');
});

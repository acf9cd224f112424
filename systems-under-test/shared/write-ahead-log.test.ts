import { describe, expect, it } from 'vitest';
import { plainDisk } from './testing/plain-disk.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

async function logOf(count: number, sync = true) {
  const storage = plainDisk();
  const { log } = await WriteAheadLog.open(storage.disk, 'log', 0);
  for (let n = 1; n <= count; n++) await log.append(n, sync);
  return { log, ...storage };
}

describe('a write-ahead log', () => {
  it('has what was appended after a loss of power', async () => {
    const { disk, losePower } = await logOf(3);
    losePower();
    expect((await WriteAheadLog.open(disk, 'log', 0)).payloads).toEqual([1, 2, 3]);
  });

  it('tells nobody of what the next loss of power could take', async () => {
    const { disk, losePower } = await logOf(3, false);
    expect((await WriteAheadLog.open(disk, 'log', 0)).payloads).toEqual([1, 2, 3]);
    losePower();
    expect((await WriteAheadLog.open(disk, 'log', 0)).payloads).toEqual([1, 2, 3]);
  });

  it('leaves out what a checkpoint holds', async () => {
    const { disk } = await logOf(3);
    expect((await WriteAheadLog.open(disk, 'log', 2)).payloads).toEqual([3]);
    expect((await WriteAheadLog.open(disk, 'log', 5)).payloads).toEqual([]);
  });

  it('knows when records are missing behind the checkpoint', async () => {
    const { log, disk } = await logOf(3);
    await log.cut();
    await log.append(4);
    expect((await WriteAheadLog.open(disk, 'log', 3)).payloads).toEqual([4]);
    await expect(WriteAheadLog.open(disk, 'log', 2)).rejects.toThrow('expected sequence number 3, got 4');
  });

  it('is empty for good once it was cut', async () => {
    const { log, disk, losePower } = await logOf(3);
    await log.cut();
    losePower();
    const { log: again, payloads } = await WriteAheadLog.open(disk, 'log', 3);
    expect([again.bytes, again.sequence, payloads]).toEqual([0, 3, []]);
  });
});

import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../shared/record.ts';
import { seal } from '../shared/sealed.ts';
import type { plainDisk } from '../shared/testing/plain-disk.ts';
import { PlainHost } from '../testing/plain-host.ts';
import { Log, packed } from './log.ts';
import type { Entry, Snapshot } from './messages.ts';
import { LOG, SNAPSHOT, Storage } from './storage.ts';

const STATE = { term: 9, votedFor: null, recovering: false };
const FLAWS = { logNotSynced: false, voteNotPersisted: false, checksumNotVerified: false };

const entry = (term: number, nth: number): Entry => ({
  term,
  f: 'write',
  key: 'x',
  value: nth,
  session: 1,
  sequence: nth,
});
const snapshotAt = (index: number, term: number): Snapshot => ({
  at: { index, term, chain: 0 },
  state: 'all so far',
});

/** A log that goes on after the snapshot with entries of these terms. */
function logOf(terms: readonly number[], snapshot?: Snapshot): Log {
  const log = new Log();
  if (snapshot !== undefined) log.reset(snapshot.at);
  for (const term of terms) log.append(entry(term, log.lastIndex + 1));
  return log;
}

/** The records of entries of these terms, from index `first` on. */
function fileOf(first: number, ...terms: readonly number[]): Uint8Array {
  const records = terms.map((term, nth) => encodeRecord(first + nth, packed(entry(term, first + nth))));
  return Uint8Array.from(records.flatMap((record) => [...record]));
}

/** A process that goes on from what it finds on the disk. */
async function started(disk: ReturnType<typeof plainDisk>, log: Log) {
  const plain = new PlainHost('n1', 1, disk);
  const storage = new Storage(plain.host, FLAWS);
  await storage.begin(STATE, await storage.inspect(), log);
  const settled = () => new Promise<void>((resolve) => storage.settled(resolve));
  return { ...plain, storage, settled };
}

const found = (disk: ReturnType<typeof plainDisk>) =>
  new Storage(new PlainHost('n1', 2, disk).host, FLAWS).inspect();
const indices = (entries: readonly Entry[]) => entries.map(({ sequence }) => sequence);

describe('what a server finds on its disk', () => {
  it('is a snapshot with the entries that follow it, though older ones stand there still', async () => {
    const { storage: disk } = new PlainHost('n1');
    disk.files.set(SNAPSHOT, seal(snapshotAt(4, 2)));
    disk.files.set(LOG, fileOf(1, 1, 1, 2, 2, 2, 3));
    const { entries, lost, mark } = await found(disk);
    expect([indices(entries), lost, mark?.through]).toEqual([[5, 6], false, 0]);
  });

  it('is a snapshot alone, if the log contradicts it', async () => {
    const { storage: disk } = new PlainHost('n1');
    disk.files.set(SNAPSHOT, seal(snapshotAt(4, 3)));
    disk.files.set(LOG, fileOf(1, 1, 1, 2, 2, 2, 2));
    expect(await found(disk)).toMatchObject({ entries: [], lost: false, mark: undefined });
  });

  it('is known to lack something, if the log does not go on where the snapshot ends', async () => {
    const { storage: disk } = new PlainHost('n1');
    disk.files.set(LOG, fileOf(5, 1, 1));
    expect(await found(disk)).toMatchObject({ entries: [], lost: true });
  });
});

describe('after a loss of power a server finds', () => {
  it('what it found before, though the process before had not synced it', async () => {
    const { storage: disk } = new PlainHost('n1');
    const snapshot = snapshotAt(4, 1);
    disk.files.set(SNAPSHOT, seal(snapshot));
    disk.files.set(LOG, fileOf(5, 1, 1));
    const { broken } = await started(disk, logOf([1, 1], snapshot));
    disk.losePower();
    const after = await found(disk);
    expect([after.snapshot, indices(after.entries), after.mark?.through]).toEqual([snapshot, [5, 6], 6]);
    expect([after.state, after.lost, broken]).toEqual([STATE, false, []]);
  });

  it('the snapshot and the entries that were settled', async () => {
    const { storage: disk } = new PlainHost('n1');
    const log = logOf([1, 1, 1, 1]);
    const { storage, settled } = await started(disk, log);
    const snapshot = { at: log.at(3), state: 'three' };
    storage.saveSnapshot(snapshot);
    log.append(entry(2, 5));
    storage.appended();
    await settled();
    disk.losePower();
    const after = await found(disk);
    expect([after.snapshot, indices(after.entries), after.mark?.through]).toEqual([snapshot, [4, 5], 5]);
    expect(after.lost).toBe(false);
  });

  it('the newest term and vote that were settled', async () => {
    const { storage: disk } = new PlainHost('n1');
    const { storage, settled } = await started(disk, logOf([1]));
    const state = { term: 10, votedFor: 'n2', recovering: false };
    storage.saveState(state);
    await settled();
    disk.losePower();
    expect((await found(disk)).state).toEqual(state);
  });
});

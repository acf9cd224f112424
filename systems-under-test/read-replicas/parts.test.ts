import { describe, expect, it } from 'vitest';
import { PlainHost } from '../testing/plain-host.ts';
import { Follower } from './follower.ts';
import type { Feed } from './messages.ts';
import { Writer } from './writer.ts';

const MS = 1_000_000;
const setting = {
  options: {
    session: 'tokens',
    maxLag: 0,
    tokenWait: 100 * MS,
    feedWait: 50 * MS,
    feedTimeout: 200 * MS,
    recordsKept: 20,
    checkpointBytes: 10_000,
  },
  hosts: { writer: ['w'], replica: ['r'] },
  flaw: () => false,
} as never;

/** Whether it was answered by now, and with what. */
function pending<T>(promise: Promise<T>) {
  const state: { value?: T } = {};
  void promise.then((value) => {
    state.value = value;
  });
  return state;
}

describe('a replica', () => {
  async function replica() {
    const plain = new PlainHost('r');
    let feed: Feed = {
      type: 'snapshot',
      position: { epoch: [1, 1], sequence: 4 },
      entries: [['x', 4]],
      end: 4,
    };
    plain.answer = () => feed;
    void new Follower(plain.host, setting).run();
    await plain.pass(2 * MS);
    feed = { type: 'records', entries: [], end: 4 };
    const arrives = (sequence: number): void => {
      const position = { epoch: [1, 1], sequence } as const;
      feed = { type: 'records', entries: [{ position, changes: [['x', sequence]] }], end: sequence };
      const once = feed;
      plain.answer = () => {
        plain.answer = () => ({ ...once, entries: [] });
        return once;
      };
    };
    const read = (atLeast: number) => pending(plain.ask({ f: 'read', key: 'x', atLeast }, 'c'));
    return { plain, read, arrives };
  }

  it('answers at once with what it has', async () => {
    const { plain, read } = await replica();
    const [any, same] = [read(0), read(4)];
    await plain.pass(1);
    expect([any.value, same.value]).toEqual([
      { type: 'ok', value: [4, 4] },
      { type: 'ok', value: [4, 4] },
    ]);
  });

  it('waits for what a token asks for, and no longer than it may', async () => {
    const { plain, read, arrives } = await replica();
    const [soon, never] = [read(5), read(9)];
    await plain.pass(10 * MS);
    expect([soon.value, never.value]).toEqual([undefined, undefined]);
    arrives(5);
    await plain.pass(10 * MS);
    expect([soon.value, never.value]).toEqual([{ type: 'ok', value: [5, 5] }, undefined]);
    await plain.pass(100 * MS);
    expect(never.value).toEqual({ type: 'behind' });
  });
});

describe('the writer', () => {
  it('sends at once what a replica lacks, and makes one wait that has everything', async () => {
    const plain = new PlainHost('w');
    void new Writer(plain.host, setting).run();
    await plain.pass(MS);
    const { session } = (await plain.ask({ f: 'open' }, 'c')) as { session: string };
    await plain.ask({ f: 'write', key: 'x', value: 1, session, number: 1 }, 'c');
    const follow = (sequence: number) =>
      pending(plain.ask({ f: 'follow', after: { epoch: [sequence, sequence], sequence }, anew: false }, 'r'));
    const [lacking, complete] = [follow(0), follow(1)];
    await plain.pass(MS);
    expect(lacking.value).toMatchObject({ type: 'records', end: 1 });
    expect(complete.value).toBeUndefined();
    await plain.pass(100 * MS);
    expect(complete.value).toMatchObject({ type: 'records', entries: [], end: 1 });
  });
});

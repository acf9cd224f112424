import { expect, it } from 'vitest';
import { Replica } from '../shared/replica.ts';
import { PlainHost } from '../testing/plain-host.ts';
import { Backup } from './backup.ts';

const at = (view: number, incarnation: number, sequence: number) =>
  ({ epoch: [view, incarnation], sequence }) as const;
const nothing = at(0, 0, 0);

/** The backup `b`, in its second process, of the primary `a` in view 3. */
async function backup() {
  const plain = new PlainHost('b', 2);
  const replica = new Replica(plain.host, 10_000);
  await replica.open();
  const backup = new Backup(plain.host, replica, 1000, () => {}, { acceptsOldView: false });
  backup.view = { number: 3, primary: 'a', backups: ['b'], founding: false };
  const ask = async (message: object) => (await backup.answer(message as never, 'a')).type;
  /** From the primary's process of this number: the whole state, or nothing but its position. */
  const join = (incarnation: number, sequence: number, more: object = { snapshot: [['x', sequence]] }) =>
    ask({
      f: 'join',
      epoch: [3, incarnation],
      incarnation: 2,
      position: at(3, incarnation, sequence),
      ...more,
    });
  const forward = (incarnation: number, sequence: number) =>
    ask({
      f: 'forward',
      epoch: [3, incarnation],
      after: at(3, incarnation, sequence - 1),
      position: at(3, incarnation, sequence),
      changes: [['x', sequence]],
    });
  return { ...plain, backup, replica, ask, join, forward };
}

it('takes what the primary sends that it has joined, and a copy of it not again', async () => {
  const { join, forward, replica, broken } = await backup();
  expect(await join(1, 5)).toBe('ok');
  expect(await forward(1, 6)).toBe('ok');
  expect(await forward(1, 6)).toBe('ok');
  expect([replica.position, replica.table.get('x'), broken]).toEqual([at(3, 1, 6), 6, []]);
});

it('does not know a primary that it has not joined', async () => {
  const { forward, replica } = await backup();
  expect(await forward(1, 1)).toBe('not-joined');
  expect(replica.position).toEqual(nothing);
});

it('ignores an invitation to the process before it', async () => {
  const { ask, replica } = await backup();
  const invitation = {
    f: 'join',
    epoch: [3, 1],
    incarnation: 1,
    position: at(3, 1, 5),
    snapshot: [['x', 5]],
  };
  expect(await ask(invitation)).toBe('wait');
  expect(replica.position).toEqual(nothing);
});

it('ignores an invitation of the process before the one that leads', async () => {
  const { join, replica } = await backup();
  await join(2, 7);
  expect(await join(1, 5)).toBe('old-view');
  expect(replica.position).toEqual(at(3, 2, 7));
});

it('ignores a record of the process before the one that leads', async () => {
  const { join, forward, replica } = await backup();
  await join(1, 5);
  // The next process goes on from the same state: nothing has to be sent.
  expect(await join(2, 5, { position: at(3, 1, 5) })).toBe('ok');
  expect(await forward(1, 6)).toBe('not-joined');
  expect(replica.position).toEqual(at(3, 1, 5));
});

it('does not join a primary whose state it turns out not to have', async () => {
  const { join, forward, replica } = await backup();
  await join(1, 5);
  await forward(1, 6);
  expect(await join(2, 5, { position: at(3, 1, 5) })).toBe('wait');
  expect(replica.position).toEqual(at(3, 1, 6));
});

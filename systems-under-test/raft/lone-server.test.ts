import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, MILLISECOND } from '../../harness/contract/index.ts';
import { PlainHost } from '../testing/plain-host.ts';
import { Log } from './log.ts';
import type { Entry, ServerMessage } from './messages.ts';
import { Node } from './node.ts';
import { settingsOf } from './options.ts';

const MEMBERS = ['n1', 'n2', 'n3'];
const machine = {
  refusal: () => undefined,
  apply: ({ value }: Entry) => ({ status: 'ok' as const, value }),
  read: () => null,
  state: () => null,
  restore: () => {},
};
const entry = (term: number, value: Json): Entry => ({
  term,
  f: 'write',
  key: 'x',
  value,
  session: 0,
  sequence: 0,
});

/** The server `n1`, in its second process; the test plays `n2` and `n3`. */
let plain: PlainHost;
let node: Node;

async function start(incarnation = 2, storage = plain?.storage): Promise<void> {
  plain = new PlainHost('n1', incarnation, storage);
  const { host } = plain;
  node = await Node.start(host, { members: MEMBERS, settings: settingsOf({}), machine, flaw: () => false });
}

beforeEach(async () => {
  await start(1, new PlainHost('n1').storage);
  await start(2);
});

/** What it says to this message. */
async function hears(message: object, from = 'n2'): Promise<ServerMessage[]> {
  plain.sent.length = 0;
  await plain.receive(message as Json, from);
  await plain.pass(MILLISECOND);
  return plain.sent.map((each) => each.message as ServerMessage);
}
const heartbeat = (term: number) => ({ type: 'heartbeat', term, commit: 0, round: 1 });
const vote = (term: number) => ({ type: 'vote', pre: false, term, run: 1, lastIndex: 9, lastTerm: term });
const voted = (term: number, pre: boolean, run = 2) => ({ type: 'voted', pre, term, run, granted: true });
const append = (term: number, log: Log, prevIndex: number, ...entries: readonly Entry[]) => ({
  type: 'append',
  term,
  prevIndex,
  prevTerm: log.termAt(prevIndex),
  prevChain: log.chainAt(prevIndex),
  entries,
  commit: 0,
  round: 1,
});
const types = (messages: readonly ServerMessage[]) => messages.map(({ type }) => type);
/** Until it asks whether it would be elected. */
const patience = () => plain.pass(200 * MILLISECOND);

async function elected(): Promise<void> {
  await patience();
  await hears(voted(node.term + 1, true));
  await hears(voted(node.term, false));
  expect(node.leadership).toBeDefined();
}

describe('a vote', () => {
  it('is given in the term that is asked for, and to one candidate', async () => {
    expect(await hears(vote(5))).toMatchObject([{ type: 'voted', term: 5, granted: true }]);
    expect(await hears(vote(5), 'n3')).toMatchObject([{ type: 'voted', granted: false }]);
  });

  it('is not given in a term that is over', async () => {
    await hears(heartbeat(5));
    expect(await hears(vote(3))).toMatchObject([{ type: 'voted', term: 5, granted: false }]);
    expect(plain.broken).toEqual([]);
  });

  it('counts in the candidacy that it was given to', async () => {
    await patience();
    expect(types(await hears(voted(node.term + 1, true, 1)))).toEqual([]);
    expect(types(await hears(voted(node.term, true)))).toEqual([]);
    expect(types(await hears(voted(node.term + 1, true)))).toEqual(['vote', 'vote']);
    expect(types(await hears(voted(node.term - 1, false)))).toEqual([]);
    expect(node.leadership).toBeUndefined();
  });

  it('that is refused in a later term ends the candidacy', async () => {
    await patience();
    await hears({ ...voted(7, true), granted: false });
    expect(node.term).toBe(7);
  });
});

describe('a leader', () => {
  it('counts the answers to its own reign alone', async () => {
    await hears(heartbeat(3));
    await elected();
    const answer = { type: 'appended', round: 1, success: true, match: 1, conflictIndex: 0 };
    await hears({ ...answer, term: 3 });
    expect(node.commitIndex).toBe(0);
    await hears({ ...answer, term: node.term });
    expect([node.commitIndex, plain.broken]).toEqual([1, []]);
  });

  it('of a term that is over is told so', async () => {
    await hears(heartbeat(5));
    expect(await hears(heartbeat(4))).toMatchObject([{ type: 'alive', term: 5 }]);
    expect([node.term, node.leader, plain.broken]).toEqual([5, 'n2', []]);
  });
});

describe('a snapshot of the leader', () => {
  const leaders = (last: number) => {
    const log = new Log();
    for (const [nth, term] of [1, 1, last, last].entries()) log.append(entry(term, nth));
    return log;
  };
  const install = (term: number, log: Log) => ({
    type: 'install',
    term,
    round: 1,
    snapshot: { at: log.at(3), state: null },
  });

  it('leaves the entries that follow it, if the log agrees', async () => {
    const log = leaders(1);
    await hears(append(1, log, 0, ...log.from(1, 4)));
    await hears(install(1, log));
    expect([node.commitIndex, node.log.lastIndex, plain.broken]).toEqual([3, 4, []]);
  });

  it('replaces a log that does not agree', async () => {
    const own = leaders(1);
    await hears(append(1, own, 0, ...own.from(1, 4)));
    await hears(install(2, leaders(2)), 'n3');
    expect([node.commitIndex, node.log.lastIndex, node.log.lastTerm, plain.broken]).toEqual([3, 3, 2, []]);
  });
});

describe('a server that lost term and vote', () => {
  it('waits for an answer of every other server, to its own question', async () => {
    plain = new PlainHost('n1', 3);
    const { host } = plain;
    const starting = Node.start(host, {
      members: MEMBERS,
      settings: settingsOf({}),
      machine,
      flaw: () => false,
    });
    await plain.pass(MILLISECOND);
    expect(types(plain.sent.map(({ message }) => message as ServerMessage))).toEqual([
      'ask-term',
      'ask-term',
    ]);
    const tell = (term: number, run: number) => ({ type: 'tell-term', run, term });
    await hears(tell(2, 2), 'n2');
    await hears(tell(4, 3), 'n3');
    await hears(tell(6, 3), 'n2');
    node = await starting;
    expect([node.term, node.recovering]).toEqual([7, true]);
  });
});

import { describe, expect, it } from 'vitest';
import { PlainHost } from '../testing/plain-host.ts';
import type { Configuration, Fields } from './configuration.ts';
import { Copy } from './copy.ts';
import { Link } from './link.ts';
import { Member } from './member.ts';
import { Reads } from './reads.ts';
import { Versions } from './versions.ts';

const MS = 1_000_000;
const options = {
  reads: 'any',
  resiliency: 2,
  pingInterval: 30 * MS,
  deadAfter: 120 * MS,
  forwardTimeout: 60 * MS,
  checkpointBytes: 10_000,
};
const at = (sequence: number) => ({ epoch: [1, 1], sequence }) as const;

describe('versions', () => {
  it('keep the last committed one and those behind it, and no older ones', () => {
    const versions = new Versions();
    versions.reset(0, [['x', 0]]);
    for (const n of [1, 2, 3, 4]) versions.add(n, [['x', n]]);
    versions.forget(['x'], 2);
    expect([1, 2, 3, 4].map((n) => versions.at('x', n))).toEqual([undefined, 2, 3, 4]);
  });
});

describe('the tail', () => {
  it('says which version is committed to who acts in its configuration', () => {
    const { host } = new PlainHost('b');
    const versions = new Versions();
    versions.add(7, [['x', 1]]);
    const member = { configuration: { number: 3 }, copy: { versions }, last: true, current: true };
    const reads = new Reads(host, member as never, { unleased: false, unsynced: false, dirty: false });
    const ask = (configuration: number) => reads.version({ configuration, key: 'x' });
    expect(ask(3)).toEqual({ type: 'wait' });
    reads.leasedUntil(10 * MS);
    expect([ask(2), ask(3)]).toEqual([{ type: 'wait' }, { type: 'ok', sequence: 7 }]);
  });
});

describe('a server that joins', () => {
  /** The server `b`, in its second process, that gets its state from `a`. */
  async function joining() {
    const plain = new PlainHost('b', 2);
    let asked = 0;
    const member = new Member(plain.host, options as never, () => asked++, {
      hasty: false,
      skipsSilentSuccessor: false,
    });
    await member.copy.open();
    const enter = (number: number, chain: readonly string[], joining: string) =>
      member.enter({ number, chain, joining } satisfies Configuration, 3);
    await enter(3, ['a'], 'b');
    const align = (sequence: number, more: Fields = {}) => ({
      ...{
        type: 'align',
        configuration: 3,
        incarnation: 2,
        position: at(sequence),
        entries: [['x', sequence]],
      },
      ...more,
    });
    return { ...plain, member, enter, align, asked: () => asked };
  }

  it('takes the state that is meant for this process', async () => {
    const { member, align, broken } = await joining();
    expect((await member.answer(align(5, { incarnation: 1 }), 'a')).type).toBe('wait');
    expect((await member.answer(align(5, { configuration: 2 }), 'a')).type).toBe('old-configuration');
    expect(member.copy.position.sequence).toBe(0);
    expect((await member.answer(align(5), 'a')).type).toBe('ok');
    expect([member.copy.position, broken]).toEqual([at(5), []]);
  });

  it('is not thrown back by a copy of it', async () => {
    const { member, align, broken } = await joining();
    await member.answer(align(5), 'a');
    await member.answer(align(4), 'a');
    expect([member.copy.position, broken]).toEqual([at(5), []]);
  });

  it('tells the master once that it has everything', async () => {
    const { member, align, enter, asked } = await joining();
    await member.answer(align(5), 'a');
    await enter(4, ['a', 'b'], '');
    const before = asked();
    const hello = { type: 'hello', configuration: 4, position: at(5) };
    for (let n = 0; n < 3; n++) expect((await member.answer(hello, 'a')).type).toBe('ok');
    expect([member.synced, asked() - before]).toEqual([4, 1]);
  });
});

describe('a link', () => {
  it('gives up the own copy if a member behind has more', async () => {
    const plain = new PlainHost('a');
    plain.answer = () => ({ type: 'ok', aligned: true, incarnation: 1, position: at(9), committed: 9 });
    const copy = new Copy(plain.host, 10_000);
    await copy.open();
    let behind = 0;
    const owner = { host: plain.host, options, copy, progressed() {}, acknowledged() {}, superseded() {} };
    const link = new Link({ ...owner, behind: () => behind++ } as never, 'b', 3, false);
    await plain.pass(2 * MS);
    link.end();
    expect([behind, link.established]).toEqual([1, false]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Ping } from './configuration.ts';
import { ChainKeeper, NOTHING_KEPT } from './keeper.ts';

const OPTIONS = {
  servers: ['a', 'b', 'c'],
  deadAfter: 100,
  leaseTime: 80,
  resiliency: 2,
};

/** A master of three servers and the time; each method returns the configuration in force afterwards, such as `4:abc` or `3:ab+c` while c joins. */
function master(resiliency = 2) {
  const options = { ...OPTIONS, resiliency };
  let keeper = new ChainKeeper(options, NOTHING_KEPT, 0);
  let now = 0;
  let nth = 0;
  const settle = () => {
    const next = keeper.next(now);
    if (next !== undefined) keeper.settle(next);
    const { number, chain, joining } = keeper.kept.configuration;
    return `${number}:${chain.join('')}${joining === '' ? '' : `+${joining}`}`;
  };
  return {
    /** A report; by default of a server that has everything, and can reach everybody. */
    ping(from: string, more: Partial<Ping> = {}) {
      const { configuration, since } = keeper.kept;
      const { number } = configuration;
      const fields = {
        f: 'ping',
        incarnation: 1,
        nth: ++nth,
        unreachable: '',
        reachable: ['a', 'b', 'c'],
      } as const;
      const ping = { ...fields, configuration: number, joined: since[from] ?? 0, synced: number, ...more };
      keeper.hear(from, ping, now);
      return settle();
    },
    lease: (server: string) => keeper.lease(server, now),
    pass(time: number) {
      now += time;
      return settle();
    },
    restart() {
      keeper = new ChainKeeper(options, keeper.kept, now);
      return settle();
    },
  };
}

/** Configuration 5 with all three, everybody whole. */
function complete(resiliency = 2) {
  const chain = master(resiliency);
  for (const server of ['a', 'b', 'c', 'a', 'b', 'b', 'c', 'b', 'c', 'c']) chain.ping(server);
  return chain;
}

describe('the master of a chain', () => {
  it('founds the chain with whoever calls first, and adds one server after the other at the tail', () => {
    const chain = master();
    expect(chain.pass(10)).toBe('0:');
    expect(chain.ping('b')).toBe('1:b');
    expect(chain.ping('a', { configuration: 0, joined: 0 })).toBe('1:b');
    expect(chain.ping('b')).toBe('2:b+a');
    expect(chain.ping('a', { joined: 0 })).toBe('2:b+a');
    expect(chain.ping('a', { synced: 0 })).toBe('3:ba');
    expect(chain.ping('c', { joined: 0 })).toBe('3:ba');
    expect(chain.ping('a')).toBe('3:ba');
    expect(chain.pass(1)).toBe('4:ba+c');
  });

  it.each([
    ['head', 'bc', 'a', ['b', 'c']],
    ['middle', 'ac', 'b', ['a', 'c']],
    ['tail', 'ab', 'c', ['a', 'b']],
  ])('removes the %s when it is silent', (_, left, silent, others) => {
    const chain = complete();
    for (const server of ['a', 'b', 'c']) chain.lease(server);
    expect(chain.pass(60)).toBe('5:abc');
    for (const server of others) chain.ping(server);
    expect(chain.pass(60)).toBe(`6:${left}`);
    expect(chain.ping(silent, { joined: 0 })).toBe(`6:${left}`);
  });

  it('removes a member that the one before it cannot reach, but only when its lease is over', () => {
    const chain = complete();
    expect(chain.lease('c')).toBe(true);
    chain.pass(10);
    expect(chain.ping('b', { unreachable: 'c' })).toBe('5:abc');
    expect(chain.lease('c')).toBe(false);
    chain.ping('a');
    chain.ping('c');
    chain.pass(65);
    expect(chain.ping('b', { unreachable: 'c' })).toBe('5:abc');
    expect(chain.pass(6)).toBe('6:ab');
  });

  it('does not know after a restart which leases it gave, and waits for all', () => {
    const chain = complete();
    chain.lease('c');
    chain.pass(90);
    chain.restart();
    chain.ping('a');
    chain.ping('c');
    expect(chain.ping('b', { unreachable: 'c' })).toBe('5:abc');
    expect(chain.pass(80)).toBe('5:abc');
    expect(chain.pass(1)).toBe('6:ab');
  });

  it('does not make the chain shorter than its resiliency because of silence', () => {
    const chain = complete();
    chain.pass(90);
    chain.ping('b');
    expect(chain.pass(20)).toBe('6:bc');
    expect(chain.pass(500)).toBe('6:bc');
    expect(complete(1).pass(500)).toBe('6:c');
  });

  it('removes a member that lost its copy, and takes it in again at the tail', () => {
    const chain = complete();
    expect(chain.ping('a', { incarnation: 2, joined: 0 })).toBe('5:abc');
    expect(chain.pass(81)).toBe('6:bc');
    chain.ping('a', { incarnation: 2, joined: 0 });
    expect(chain.ping('c')).toBe('7:bc+a');
  });

  it('does not give up a whole copy for a tail that has not caught up yet', () => {
    const chain = master(1);
    for (const server of ['a', 'b', 'a', 'b']) chain.ping(server, { synced: 0 });
    expect(chain.ping('b', { synced: 0 })).toBe('3:ab');
    chain.pass(90);
    chain.ping('b', { synced: 0 });
    expect(chain.pass(90)).toBe('3:ab');
    chain.ping('b');
    chain.pass(0);
    expect(chain.pass(20)).toBe('4:b');
  });

  it('believes no report that was overtaken by a newer one', () => {
    const chain = complete();
    chain.ping('b', { incarnation: 2 });
    expect(chain.ping('b', { incarnation: 1, joined: 0 })).toBe('5:abc');
    chain.pass(81);
    for (const server of ['a', 'b', 'c']) expect(chain.ping(server, { incarnation: 2 })).toBe('5:abc');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../testing/random-commands.ts';
import { clientOf, VirtualWorld } from '../testing/virtual-world.ts';
import { snapshot } from './snapshot.ts';

function pair(settings: Record<string, string> = {}) {
  const world = new VirtualWorld();
  const primary = world.server('p', { settings });
  const replica = world.server('r', { settings });
  const [onPrimary, onReplica] = [clientOf(primary), clientOf(replica)];
  return { world, primary, replica, onPrimary, onReplica };
}

describe('a replica', () => {
  it('gets the whole state, then each effect, and refuses writes', () => {
    const { world, onPrimary, onReplica } = pair();
    onPrimary('SET', 'before', '1');
    expect(onReplica('REPLICAOF', 'p', '6379')).toBe('+OK\r\n');
    expect(onReplica('ROLE')).toContain('connect');
    world.pass(100);
    expect(onReplica('GET', 'before')).toBe('$1\r\n1\r\n');
    onPrimary('INCR', 'before');
    expect(onReplica('GET', 'before')).toBe('$1\r\n1\r\n');
    world.pass(10);
    expect(onReplica('GET', 'before')).toBe('$1\r\n2\r\n');
    expect(onReplica('SET', 'x', '1')).toBe("-READONLY You can't write against a read only replica.\r\n");
    expect(onReplica('EVAL', "return redis.call('SET', 'x', 1)", '0')).toContain('-READONLY');
    expect(onReplica('ROLE')).toContain('connected');
    expect(onPrimary('INFO', 'replication')).toContain('slave0:ip=r,port=6379,state=online');
  });

  it('lets keys go when its primary does, and hides them before', () => {
    const { world, onPrimary, onReplica } = pair();
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(100);
    onPrimary('SET', 'k', 'v', 'PX', '50');
    world.pass(20);
    expect(onReplica('EXISTS', 'k')).toBe(':1\r\n');
    world.cut('p');
    world.pass(200);
    expect(onReplica('EXISTS', 'k')).toBe(':0\r\n');
    expect(onReplica('DBSIZE')).toBe(':1\r\n');
  });

  it('takes effects on a key whose time has come there and had not at its primary', () => {
    const { world, onPrimary, onReplica } = pair();
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(100);
    onPrimary('SET', 'k', 'v', 'PX', '10');
    world.pass(9);
    onPrimary('EXPIRE', 'k', '100');
    world.pass(10);
    expect(onReplica('TTL', 'k')).toBe(':100\r\n');
  });

  it('goes on where it was after a short cut, without the whole state', () => {
    const { world, primary, replica, onPrimary, onReplica } = pair({ 'repl-timeout': '5' });
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(100);
    onPrimary('SET', 'a', '1');
    world.pass(10);
    world.cut('r');
    onPrimary('SET', 'b', '2');
    world.pass(8000);
    world.join('r');
    const { history } = replica.engine.replication;
    world.pass(5000);
    expect(replica.engine.replication.history).toBe(history);
    expect(onReplica('GET', 'b')).toBe('$1\r\n2\r\n');
    expect(replica.engine.replication.offset).toBe(primary.engine.replication.offset);
  });

  it('promoted, keeps what it had; the old primary follows it and loses what it alone acknowledged', () => {
    const { world, onPrimary, onReplica } = pair();
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(100);
    onPrimary('SET', 'both', '1');
    world.pass(10);
    world.cut('p');
    expect(onPrimary('SET', 'lost', '1')).toBe('+OK\r\n');
    expect(onReplica('REPLICAOF', 'NO', 'ONE')).toBe('+OK\r\n');
    expect(onReplica('SET', 'new', '1')).toBe('+OK\r\n');
    world.join('p');
    expect(onPrimary('REPLICAOF', 'r', '6379')).toBe('+OK\r\n');
    world.pass(2000);
    expect(onPrimary('MGET', 'both', 'lost', 'new')).toBe('*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n1\r\n');
  });

  it('makes WAIT return once it has the writes, or when the time is over', () => {
    const { world, onPrimary, onReplica } = pair();
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(100);
    onPrimary('SET', 'a', '1');
    expect(onPrimary('WAIT', '1', '1000')).toBe('');
    world.pass(10);
    expect(onPrimary.received()).toBe(':1\r\n');
    world.cut('r');
    onPrimary('SET', 'a', '2');
    onPrimary('WAIT', '1', '500');
    world.pass(499);
    expect(onPrimary.received()).toBe('');
    world.pass(2);
    expect(onPrimary.received()).toBe(':0\r\n');
  });

  it('that is too far lets its primary refuse writes, if that is asked for', () => {
    const { world, onPrimary, onReplica } = pair({
      'min-replicas-to-write': '1',
      'min-replicas-max-lag': '3',
    });
    expect(onPrimary('SET', 'a', '1')).toBe('-NOREPLICAS Not enough good replicas to write.\r\n');
    onReplica('REPLICAOF', 'p', '6379');
    world.pass(1500);
    expect(onPrimary('SET', 'a', '1')).toBe('+OK\r\n');
    world.cut('r');
    world.pass(5000);
    expect(onPrimary('SET', 'a', '1')).toBe('-NOREPLICAS Not enough good replicas to write.\r\n');
  });

  it('has the state of its primary after any commands, and so has a server that loads a snapshot', () => {
    const others = fc.constantFrom(
      ['EVAL', "redis.call('INCR', 'n') redis.call('RPUSH', 'l', 'x') return redis.call('GET', 'n')", '0'],
      ['MULTI'],
      ['EXEC'],
      ['SPOP', 'k1'],
      ['SPOP', 'k1', '2'],
      ['EXPIRE', 'k1', '100'],
      ['PEXPIRE', 'k2', '3'],
      ['SET', 'k3', 'v', 'PX', '2'],
      ['GETEX', 'k3', 'EX', '100'],
      ['SELECT', '1'],
      ['SELECT', '0'],
      ['MOVE', 'k1', '1'],
      ['FLUSHDB'],
      ['XADD', 'k2', '*', 'a', 'b'],
      ['BLPOP', 'k1', 'k2', '1'],
      ['BLMOVE', 'k1', 'k2', 'LEFT', 'RIGHT', '1'],
      ['XCLAIM', 'k1', 'g', 'd', '2', '1-1', '1-2', '2-0'],
      ['XAUTOCLAIM', 'k1', 'g', 'c', '1', '0'],
    );
    /** Of one family at a time, so that they meet, and some of the others between. */
    const sequences = fc.constantFrom(...Object.values(FAMILIES)).chain(({ commands }) =>
      fc.array(fc.tuple(fc.oneof({ arbitrary: commands, weight: 4 }, others), fc.nat(3)), {
        minLength: 20,
        maxLength: 80,
      }),
    );
    fc.assert(
      fc.property(sequences, fc.nat(19), (sequence, joins) => {
        const { world, primary, replica, onReplica } = pair();
        const clients = [clientOf(primary), clientOf(primary)];
        sequence.forEach(([words, delay], nth) => {
          if (nth === joins) onReplica('REPLICAOF', 'p', '6379');
          clients[nth % 3 === 0 ? 1 : 0]!(...words);
          world.pass(delay);
        });
        world.pass(5000);
        const state = snapshot(primary.engine);
        expect(snapshot(replica.engine)).toBe(state);
        const fresh = world.server('fresh');
        fresh.engine.load(state);
        expect(snapshot(fresh.engine)).toBe(state);
      }),
      { numRuns: 40 },
    );
  });
});

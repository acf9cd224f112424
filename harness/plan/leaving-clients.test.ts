import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import type { ScheduledFault, Topology } from '../contract/index.ts';
import { leavingClients } from './leaving-clients.ts';

const datacenter = (name: string, ...roles: readonly string[]) => ({
  name,
  clusterSwitches: 1,
  racks: [
    { name: `${name}-r1`, row: 'row', hosts: roles.map((role, nth) => ({ name: `${name}-${nth}`, role })) },
  ],
});
const three: Topology = {
  datacenters: [
    datacenter('a', 'server', 'client'),
    datacenter('b', 'server', 'client', 'client'),
    datacenter('c', 'server'),
  ],
  cables: [],
};
const fire = (at: number, name: string): ScheduledFault => ({
  at,
  fault: 'data-centre-fire',
  target: { datacenters: [name] },
  parameters: {},
});

describe('fires', () => {
  it('leave a data centre with clients, whichever is left without', () => {
    const dark = { ...fire(3, 'b'), fault: 'power-loss', for: 1 };
    const schedule = [fire(1, 'a'), fire(2, 'c'), dark, fire(4, 'b'), fire(5, 'a')];
    expect(leavingClients(schedule, three, nemeses)).toEqual([
      fire(1, 'a'),
      fire(2, 'c'),
      dark,
      fire(5, 'a'),
    ]);
  });
});

import fc, { type Arbitrary } from 'fast-check';
import type { Nemesis, Target, UnsyncedWrites } from '../harness/contract/index.ts';
import { nothing, together } from './compose.ts';
import { aimedAt, hitHosts, serverHosts } from './hosts.ts';
import { atMoment, MOMENT, type Moment, moments } from './moment.ts';
import { choice, parametersSchema } from './parameters.ts';
import { bearableRacks } from './rack-cut-off.ts';

type PowerLoss = { readonly unsynced: UnsyncedWrites; readonly moment: Moment };

/**
 * Racks, or a whole data centre, lose power at one instant and stay dark until healed; clients in them too. The switches have
 * batteries and go on.
 * May break: all memory of these machines at once; unsynced writes, as the parameter says.
 * Must survive: everything that was synced. Copies in the same rack are no help: all of them go at once.
 */
export const powerLoss: Nemesis<PowerLoss> = {
  name: 'power-loss',
  summary: 'all machines of racks or of a data centre lose power at once',
  levers: ['power'],
  targets: ['racks', 'datacenters', 'hosts'],
  parameters: parametersSchema({
    unsynced: choice('what becomes of unsynced writes', ['keep', 'draw', 'tear', 'lose'], 'draw'),
    moment: MOMENT,
  }),
  momentary: false,
  lasting: false,
  applicable: (surroundings) => bearableRacks(surroundings).length > 0,
  arbitrary: (surroundings) => {
    const { topology, candidates, most } = surroundings;
    const servers = serverHosts(topology);
    const racks = bearableRacks(surroundings);
    const someRacks: Arbitrary<Target> = fc
      .shuffledSubarray(racks, { minLength: 1 })
      .map((names) => ({ racks: names }));
    const everything = most >= servers.length && servers.every((host) => candidates.includes(host));
    const datacenters = fc
      .constantFrom(...topology.datacenters.map(({ name }) => name))
      .map((name): Target => ({ datacenters: [name] }));
    return fc.record({
      target: everything
        ? fc.oneof({ weight: 3, arbitrary: someRacks }, { weight: 1, arbitrary: datacenters })
        : someRacks,
      parameters: fc.record({
        unsynced: fc.constantFrom<UnsyncedWrites>('draw', 'draw', 'keep', 'tear', 'lose'),
        moment: moments,
      }),
    });
  },
  hits: hitHosts,
  apply(fault, scene) {
    const hosts = aimedAt(fault, scene);
    if (hosts.length === 0) return nothing('no host to aim at');
    const { unsynced, moment } = fault.parameters;
    return atMoment(scene.levers, hosts, moment, fault.for, () =>
      together(hosts.map((host) => scene.levers.power(host, unsynced))),
    );
  },
};

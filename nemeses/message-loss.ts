import fc from 'fast-check';
import { MILLISECOND, type Nemesis, type Surroundings } from '../harness/contract/index.ts';
import * as aims from './aims.ts';
import { nothing } from './compose.ts';
import { aimedAt, hitHosts } from './hosts.ts';
import { choice, parametersSchema, share, shareArbitrary } from './parameters.ts';

type MessageLoss = { readonly loss: number; readonly with: 'clients' | 'everyone' };

/** Nobody asks clients. */
function asked(surroundings: Surroundings): Surroundings {
  const { candidates, hosts } = surroundings;
  return { ...surroundings, candidates: candidates.filter((host) => !hosts.client?.includes(host)) };
}

/** What the files of lost requests and lost replies have in common: the targeted hosts serve, others ask. */
export function messageLoss(only: 'request' | 'reply', name: string, summary: string): Nemesis<MessageLoss> {
  return {
    name,
    summary,
    levers: ['packet-loss'],
    targets: ['hosts', 'role', 'racks', 'datacenters'],
    parameters: parametersSchema({
      loss: share(`share of the ${only === 'request' ? 'requests' : 'replies'} dropped`, 0.5),
      with: choice(
        'who asks: clients alone, or servers among themselves too',
        ['clients', 'everyone'],
        'clients',
      ),
    }),
    // One server of several is asked a few times a second.
    lengths: [500 * MILLISECOND, 5_000 * MILLISECOND],
    momentary: false,
    lasting: false,
    applicable: (surroundings) => aims.someHost(asked(surroundings)),
    arbitrary: (surroundings) =>
      fc.record({
        target: aims.hosts(asked(surroundings)),
        parameters: fc.record({
          loss: fc.oneof(
            shareArbitrary(),
            fc.integer({ min: 50, max: 100 }).map((hundredths) => hundredths / 100),
          ),
          with: fc.constantFrom('clients' as const, 'everyone' as const, 'everyone' as const),
        }),
      }),
    hits: hitHosts,
    apply(fault, scene) {
      const serving = aimedAt(fault, scene);
      const clients = scene.hosts.client ?? [];
      const asking = fault.parameters.with === 'everyone' ? scene.everyone : clients;
      const pairs = asking.flatMap((asker) =>
        serving
          .filter((server) => server !== asker)
          .map((server): readonly [string, string] =>
            only === 'request' ? [asker, server] : [server, asker],
          ),
      );
      if (pairs.length === 0) return nothing('nobody to ask or to answer');
      return scene.levers.impair({ pairs, only, loss: fault.parameters.loss });
    },
  };
}

import fc from 'fast-check';
import type { Nemesis, Scene } from '../harness/contract/index.ts';
import * as aims from './aims.ts';
import { nothing } from './compose.ts';
import { othersThan } from './grudges.ts';
import { aimedAt, hitHosts } from './hosts.ts';
import { choice, parametersSchema, share, shareArbitrary } from './parameters.ts';

type MessageLoss = { readonly loss: number; readonly with: 'clients' | 'everyone' };

/** What the files of lost requests and lost replies have in common: the targeted hosts serve, others ask. */
export function messageLoss(only: 'request' | 'reply', name: string, summary: string): Nemesis<MessageLoss> {
  return {
    name,
    summary,
    levers: ['packets'],
    targets: ['hosts', 'role', 'racks', 'datacenters'],
    parameters: parametersSchema({
      loss: share(`share of the ${only === 'request' ? 'requests' : 'replies'} dropped`, 0.5),
      with: choice(
        'who asks: clients alone, or servers among themselves too',
        ['clients', 'everyone'],
        'clients',
      ),
    }),
    momentary: false,
    lasting: false,
    applicable: aims.someHost,
    arbitrary: (surroundings) =>
      fc.record({
        target: aims.hosts(surroundings),
        parameters: fc.record({
          loss: shareArbitrary(),
          with: fc.constantFrom('clients' as const, 'everyone' as const),
        }),
      }),
    hits: hitHosts,
    apply(fault, scene) {
      const serving = aimedAt(fault, scene);
      const asking = askers(scene, serving, fault.parameters.with);
      if (serving.length === 0 || asking.length === 0) return nothing('nobody to ask or to answer');
      const towards = asking.flatMap((asker) =>
        serving.map((server): readonly [string, string] =>
          only === 'request' ? [asker, server] : [server, asker],
        ),
      );
      return scene.levers.impair({ pairs: towards, only, loss: fault.parameters.loss });
    },
  };
}

function askers(scene: Scene, serving: readonly string[], with_: MessageLoss['with']): readonly string[] {
  if (with_ === 'everyone')
    return scene.everyone.filter((host) => !serving.includes(host) || serving.length > 1);
  return othersThan(serving, scene.hosts.client ?? []);
}

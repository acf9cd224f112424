import fc from 'fast-check';
import { MILLISECOND } from '../harness/contract/index.ts';
import { packetNemesis } from './packet-nemesis.ts';
import { duration, durationArbitrary, parametersSchema, share, shareArbitrary } from './parameters.ts';

/**
 * A share of the packets from and to the targeted hosts is held back, so that later ones overtake them.
 * May break: the order of datagrams and requests; an old message may arrive after a newer one.
 * Must survive: every packet arrives once, unaltered; connections keep their order.
 */
export const packetReorder = packetNemesis({
  name: 'packet-reorder',
  summary: 'a share of the packets from and to these hosts is overtaken by later ones',
  lever: 'packets',
  parameters: parametersSchema({
    reorder: share('share of packets held back', 0.2),
    by: duration('held back for up to this', 20 * MILLISECOND),
  }),
  values: fc.record({ reorder: shareArbitrary(), by: durationArbitrary(1_000 * MILLISECOND) }),
  rule: ({ reorder, by }) => ({ reorder, reorderBy: by }),
});

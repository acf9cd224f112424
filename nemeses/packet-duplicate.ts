import fc from 'fast-check';
import { packetNemesis } from './packet-nemesis.ts';
import { parametersSchema, share, shareArbitrary } from './parameters.ts';

/**
 * A share of the packets from and to the targeted hosts arrives twice, the second some time later.
 * May break: nothing that is idempotent; a request carried out twice shows.
 * Must survive: every packet arrives at least once, unaltered.
 */
export const packetDuplicate = packetNemesis({
  name: 'packet-duplicate',
  summary: 'a share of the packets from and to these hosts arrives twice',
  lever: 'packets',
  parameters: parametersSchema({ duplicate: share('share of packets that arrive twice', 0.3) }),
  values: fc.record({ duplicate: shareArbitrary() }),
  rule: ({ duplicate }) => ({ duplicate }),
});

import fc from 'fast-check';
import { packetNemesis } from './packet-nemesis.ts';
import { parametersSchema, share, shareArbitrary } from './parameters.ts';

/**
 * A share of the packets from and to the targeted hosts is dropped, requests and replies alike, as by an overheated switch.
 * May break: any packet; connections that retransmit too often.
 * Must survive: all state, and whoever tries again often enough.
 */
export const packetLoss = packetNemesis({
  name: 'packet-loss',
  summary: 'a share of the packets from and to these hosts is dropped',
  lever: 'packet-loss',
  parameters: parametersSchema({ loss: share('share of packets dropped', 0.3) }),
  values: fc.record({ loss: shareArbitrary() }),
  rule: ({ loss }) => ({ loss }),
});

import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type ChatSyncOptions = {
  readonly servers: number;
  readonly syncInterval: Nanos;
  readonly syncTimeout: Nanos;
  /** Messages of one conversation that one answer carries at most. */
  readonly batch: number;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    servers: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    syncInterval: duration(
      100 * MILLISECOND,
      'how often a device asks its server, and a server another one, for what is new',
    ),
    syncTimeout: duration(150 * MILLISECOND, 'how long it waits for the answer'),
    batch: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 30,
      description: 'messages of one conversation that one answer carries at most',
    },
    checkpointBytes: checkpointBytes(32_768),
  },
};

import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { count, duration } from '../shared/options.ts';

export type RemoteStorageOptions = {
  /** Compute servers, which keep nothing. */
  readonly servers: number;
  readonly requestTimeout: Nanos;
  /** How long a server waits for the appliance before it asks again. */
  readonly storageTimeout: Nanos;
  /** Room on the disk for one encoded block, header included. */
  readonly slotBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    servers: count(2, 1, 20, 'compute servers'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the reply'),
    storageTimeout: duration(
      150 * MILLISECOND,
      'how long a server waits for the appliance before it asks again',
    ),
    slotBytes: count(512, 64, 65_536, 'room on the disk for one encoded block'),
  },
};

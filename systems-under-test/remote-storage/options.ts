import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';

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
    servers: { type: 'integer', minimum: 1, maximum: 20, default: 2, description: 'compute servers' },
    requestTimeout: {
      type: 'integer',
      minimum: MILLISECOND,
      default: 800 * MILLISECOND,
      $comment: 'duration',
      description: 'how long a client waits for the reply',
    },
    storageTimeout: {
      type: 'integer',
      minimum: MILLISECOND,
      default: 150 * MILLISECOND,
      $comment: 'duration',
      description: 'how long a server waits for the appliance before it asks again',
    },
    slotBytes: {
      type: 'integer',
      minimum: 64,
      default: 512,
      description: 'room on the disk for one encoded block',
    },
  },
};

import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';

export type FileStoreOptions = {
  readonly chunkServers: number;
  /** Racks over which the chunk servers are dealt, round robin. */
  readonly racks: number;
  /** Copies of each chunk, each in a rack of its own. */
  readonly copies: number;
  /** Chunks of a file, and bytes of each. */
  readonly chunks: number;
  readonly chunkBytes: number;
  /** Bytes that share one checksum. */
  readonly blockBytes: number;
  readonly reportInterval: Nanos;
  /** A chunk server that the master has not heard of for so long holds nothing that counts. */
  readonly deadAfter: Nanos;
  /** How long a writer has from the beginning of a write to its commit. */
  readonly leaseTime: Nanos;
  /** Between two chunks that a chunk server reads to see whether they are sound. */
  readonly scrubInterval: Nanos;
  readonly chunkTimeout: Nanos;
  readonly requestTimeout: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    chunkServers: count(6, 1, 200, 'hosts that hold chunks'),
    racks: count(5, 2, 100, 'racks over which the chunk servers are dealt, round robin'),
    copies: count(3, 1, 10, 'copies of each chunk, each in a rack of its own'),
    chunks: count(3, 1, 16, 'chunks of a file'),
    chunkBytes: count(600, 64, 65536, 'bytes of a chunk'),
    blockBytes: count(256, 16, 65536, 'bytes that share one checksum'),
    reportInterval: duration(200 * MILLISECOND, 'between two reports of a chunk server to the master'),
    deadAfter: duration(1500 * MILLISECOND, 'a chunk server that is silent for so long is taken for dead'),
    leaseTime: duration(3 * SECOND, 'from the beginning of a write to its commit at most'),
    scrubInterval: duration(
      400 * MILLISECOND,
      'between two chunks that are read to see whether they are sound',
    ),
    chunkTimeout: duration(200 * MILLISECOND, 'how long a client waits for a chunk server'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client tries in all'),
    checkpointBytes: checkpointBytes(8192, 'length of the master’s log at which a checkpoint is taken'),
  },
};

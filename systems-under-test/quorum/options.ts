import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';

export type QuorumOptions = {
  readonly servers: number;
  /** Copies of each key; replies that a read waits for; copies that a write waits for. */
  readonly n: number;
  readonly r: number;
  readonly w: number;
  readonly quorum: 'strict' | 'sloppy';
  readonly resolution: 'version-vectors' | 'last-write-wins';
  readonly timestamps: 'wall-clock' | 'quorum';
  readonly readRepair: 'off' | 'asynchronous' | 'before-reply';
  readonly antiEntropyInterval: Nanos;
  readonly handOffInterval: Nanos;
  readonly replicaTimeout: Nanos;
  readonly attemptTimeout: Nanos;
  readonly patience: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    servers: count(5, 1, 9, 'servers on the ring'),
    n: count(3, 1, 9, 'copies of each key, on the first n servers of its walk around the ring'),
    r: count(2, 1, 9, 'replies that a read waits for'),
    w: count(2, 1, 9, 'copies that a write waits for'),
    quorum: {
      enum: ['sloppy', 'strict'],
      default: 'sloppy',
      description:
        'strict: the n servers of the key alone count; sloppy: others stand in for those that do not answer',
    },
    resolution: {
      enum: ['version-vectors', 'last-write-wins'],
      default: 'version-vectors',
      description:
        'what becomes of concurrent writes: all are kept as siblings; the one with the greatest timestamp wins',
    },
    timestamps: {
      enum: ['wall-clock', 'quorum'],
      default: 'wall-clock',
      description:
        'of last-write-wins: the clock of the coordinator, or one more than the greatest that r copies know',
    },
    readRepair: {
      enum: ['asynchronous', 'off', 'before-reply'],
      default: 'asynchronous',
      description:
        'when a read writes what it found to copies that lack it; before-reply: until w copies have it',
    },
    antiEntropyInterval: duration(
      200 * MILLISECOND,
      'how often a server compares its copies with another one',
    ),
    handOffInterval: duration(100 * MILLISECOND, 'how often a stand-in tries to hand its copies over'),
    replicaTimeout: duration(100 * MILLISECOND, 'how long a coordinator waits for one copy'),
    attemptTimeout: duration(350 * MILLISECOND, 'how long a client waits for a coordinator'),
    patience: duration(800 * MILLISECOND, 'how long a client tries'),
    checkpointBytes: checkpointBytes(16_384),
  },
};

/** Copies of each key: never more than there are servers. */
export function copiesOf({ n, servers }: QuorumOptions): number {
  return Math.min(n, servers);
}

/** Every set of r copies has one in common with every set of w copies. */
export function quorumsMeet(options: QuorumOptions): boolean {
  return options.r + options.w > copiesOf(options);
}

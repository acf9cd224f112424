import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';

export type PrimaryBackupOptions = {
  readonly mode: 'asynchronous' | 'semi-synchronous' | 'synchronous';
  readonly servers: number;
  /** How many copies a view needs to acknowledge anything, in synchronous and semi-synchronous mode. */
  readonly resiliency: number;
  readonly pingInterval: Nanos;
  readonly deadAfter: Nanos;
  readonly forwardTimeout: Nanos;
  readonly readTimeout: Nanos;
  readonly writeTimeout: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: {
      enum: ['asynchronous', 'semi-synchronous', 'synchronous'],
      default: 'synchronous',
      description:
        'acknowledge a write once it is on the primary; on one backup too; on all backups of the view',
    },
    servers: count(3, 1, 9, 'servers that may be in the view'),
    resiliency: count(
      2,
      1,
      9,
      'copies that a view must have to acknowledge anything (not in asynchronous mode)',
    ),
    pingInterval: duration(30 * MILLISECOND, 'how often a server reports to the view service'),
    deadAfter: duration(120 * MILLISECOND, 'a server silent for so long is taken for dead'),
    forwardTimeout: duration(60 * MILLISECOND, 'after this the primary sends to a backup again'),
    readTimeout: duration(800 * MILLISECOND, 'how long a client tries a read'),
    writeTimeout: duration(
      300 * MILLISECOND,
      'how long it tries a write or cas: after a change of primary the reply never comes',
    ),
    checkpointBytes: checkpointBytes(),
  },
};

/** Fewest members, primary included, with which a view can acknowledge. */
export function quorumOf({ mode, resiliency }: PrimaryBackupOptions): number {
  return mode === 'asynchronous' ? 1 : resiliency;
}

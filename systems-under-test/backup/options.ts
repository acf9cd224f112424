import { MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type BackupOptions = {
  /** When a write is acknowledged: once it is at the backup, or once it is on the server's disk. */
  readonly shipping: 'acknowledged' | 'periodic';
  /** Between two shipments, if they are periodic. */
  readonly interval: Nanos;
  /** Length of the log at which a snapshot is taken. */
  readonly snapshotBytes: number;
  /** How long a client waits. */
  readonly requestTimeout: Nanos;
};

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    shipping: {
      type: 'string',
      enum: ['acknowledged', 'periodic'],
      default: 'acknowledged',
      description: 'whether a write is acknowledged once it is at the backup, or shipped later',
    },
    interval: duration(200 * MILLISECOND, 'time between two shipments, if they are periodic'),
    snapshotBytes: checkpointBytes(4096, 'length of the log at which a snapshot is taken'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the reply'),
  },
} as const;

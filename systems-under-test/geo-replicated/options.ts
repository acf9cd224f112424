import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type GeoReplicatedOptions = {
  readonly mode: 'synchronous' | 'asynchronous';
  readonly sites: number;
  /** Between neighbours, one way; sites further apart have longer cables. */
  readonly cableLatency: Nanos;
  readonly heartbeat: Nanos;
  readonly electionTimeoutMin: Nanos;
  readonly electionTimeoutMax: Nanos;
  readonly lonelyAfter: Nanos;
  readonly siteTimeout: Nanos;
  readonly requestTimeout: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: {
      enum: ['synchronous', 'asynchronous'],
      default: 'synchronous',
      description:
        'acknowledge a write once it is on the disks of most sites; once it is on the disk of the one that leads',
    },
    sites: { enum: [3, 5], default: 3, description: 'data centres' },
    cableLatency: duration(10 * MILLISECOND, 'of a cable between neighbouring sites, one way'),
    heartbeat: duration(50 * MILLISECOND, 'how often the site that leads shows itself'),
    electionTimeoutMin: duration(300 * MILLISECOND, 'shortest silence after which a site wants to lead'),
    electionTimeoutMax: duration(600 * MILLISECOND, 'longest'),
    lonelyAfter: duration(
      SECOND,
      'a site that has not heard from most of them for so long does not lead any more',
    ),
    siteTimeout: duration(200 * MILLISECOND, 'how long a site waits for the answer of another'),
    requestTimeout: duration(900 * MILLISECOND, 'how long a client tries'),
    checkpointBytes: checkpointBytes(),
  },
};

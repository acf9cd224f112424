import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type EdgeCacheOptions = {
  readonly edges: number;
  /** One way, between the origin's data centre and that of an edge. */
  readonly distance: Nanos;
  /** An entry is fresh for so long after the request that brought it. */
  readonly ttl: Nanos;
  /** After that it is served for so long while it is fetched anew. */
  readonly staleWhileRevalidate: Nanos;
  /** After the `ttl` it is served for so long when the origin does not answer. */
  readonly staleIfError: Nanos;
  /** What a write does to the edges' entries: nothing; drops them; drops them before it is acknowledged. */
  readonly purge: 'none' | 'background' | 'confirmed';
  /** How long the origin waits for an edge to confirm a purge, before it asks again. */
  readonly purgeTimeout: Nanos;
  readonly originTimeout: Nanos;
  readonly requestTimeout: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    edges: {
      type: 'integer',
      minimum: 1,
      maximum: 50,
      default: 3,
      description: 'edges, each in a data centre',
    },
    distance: duration(20 * MILLISECOND, 'one way between the origin and an edge', 0),
    ttl: duration(SECOND, 'an entry is fresh for so long after it was asked for', 0),
    staleWhileRevalidate: duration(500 * MILLISECOND, 'then it is served while it is fetched anew', 0),
    staleIfError: duration(2 * SECOND, 'then it is served if the origin does not answer', 0),
    purge: {
      enum: ['none', 'background', 'confirmed'],
      default: 'background',
      description: 'a write drops the entries: not at all, soon, or before it is acknowledged',
    },
    purgeTimeout: duration(150 * MILLISECOND, 'how long the origin waits for a purge to be confirmed'),
    originTimeout: duration(200 * MILLISECOND, 'how long an edge waits for the origin'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits'),
    checkpointBytes: checkpointBytes(8192, 'length of the origin’s log for a checkpoint'),
  },
};

/** The oldest value that an edge serves: it was current so long ago at most. */
export function oldest({ ttl, staleWhileRevalidate, staleIfError }: EdgeCacheOptions): Nanos {
  return ttl + Math.max(staleWhileRevalidate, staleIfError);
}

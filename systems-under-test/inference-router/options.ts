import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { duration } from '../shared/options.ts';

export type Routing = 'round-robin' | 'prefix' | 'prefix-and-load';

export type InferenceRouterOptions = {
  readonly routing: Routing;
  readonly workers: number;
  /** CPU time of a worker to compute the keys and values of one block of a prompt. */
  readonly prefillPerBlock: Nanos;
  /** Blocks of prompts that one step computes at most: the answers that are under way wait for it. */
  readonly prefillChunk: number;
  /** CPU time of a step that adds a token to each answer, and what each answer adds to it. */
  readonly decodeStep: Nanos;
  readonly decodePerAnswer: Nanos;
  /** Answers under way in one worker at most. */
  readonly batch: number;
  /** Blocks that one worker's cache holds. */
  readonly cacheBlocks: number;
  readonly requestTimeout: Nanos;
  /** How long the router keeps away from a worker that does not answer. */
  readonly ejectedFor: Nanos;
};

const count = (value: number, minimum: number, description: string) =>
  ({ type: 'integer', minimum, default: value, description }) as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    routing: {
      enum: ['round-robin', 'prefix', 'prefix-and-load'],
      default: 'prefix-and-load',
      description: 'how the router chooses the worker of a prompt',
    },
    workers: count(4, 1, 'workers'),
    prefillPerBlock: duration(MILLISECOND, 'time of a worker to compute one block of a prompt', 0),
    prefillChunk: count(8, 1, 'blocks that one step computes at most'),
    decodeStep: duration(2 * MILLISECOND, 'time of a step that adds a token to each answer', 0),
    decodePerAnswer: duration(100_000, 'what each answer under way adds to a step', 0),
    batch: count(16, 1, 'answers under way in one worker at most'),
    cacheBlocks: count(128, 1, 'blocks that the cache of one worker holds'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the whole answer'),
    ejectedFor: duration(SECOND, 'how long the router keeps away from a worker that does not answer'),
  },
};

import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type CrdtOptions = {
  readonly replicas: number;
  readonly type: 'set' | 'counter' | 'register' | 'multi-value-register';
  readonly gossip: 'changes' | 'states';
  readonly gossipInterval: Nanos;
  readonly gossipTimeout: Nanos;
  readonly attemptTimeout: Nanos;
  readonly patience: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    replicas: { type: 'integer', minimum: 1, maximum: 9, default: 5 },
    type: {
      enum: ['set', 'counter', 'register', 'multi-value-register'],
      default: 'set',
      description: 'what is tested by default, and what the claims are about',
    },
    gossip: {
      enum: ['changes', 'states'],
      default: 'changes',
      description: 'send another replica what changed since it last confirmed, or everything',
    },
    gossipInterval: duration(100 * MILLISECOND, 'how often a replica sends to another one, in turn'),
    gossipTimeout: duration(150 * MILLISECOND, 'how long it waits for the confirmation'),
    attemptTimeout: duration(300 * MILLISECOND, 'how long a client waits for a replica'),
    patience: duration(800 * MILLISECOND, 'how long a client tries'),
    checkpointBytes: checkpointBytes(16_384),
  },
};

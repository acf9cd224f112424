import type { Nanos } from '../../harness/contract/index.ts';
import type { BlockId } from './model.ts';

/** A prompt, and how many tokens are wanted. `id`: the client's name of it, under which tokens come. */
export type Prompt = {
  readonly id: string;
  readonly client: string;
  readonly prompt: readonly BlockId[];
  readonly tokens: number;
  /** How long the sender still waits. */
  readonly patience: Nanos;
};

/** The whole answer, from the worker by way of the router. `cached`: blocks of the prompt that need not be computed. */
export type Answer =
  | {
      readonly type: 'ok';
      readonly tokens: readonly number[];
      readonly cached: number;
      readonly node: string;
    }
  | { readonly type: 'fail'; readonly error: string };

/** One token, sent to the client as soon as there is one. It may be lost: the answer has all of them. */
export type Token = { readonly id: string; readonly position: number };

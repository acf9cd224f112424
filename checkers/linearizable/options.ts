import type { Json } from '../../histories/index.ts';
import type { Model } from './model.ts';
import { fifoQueue, queue, stack } from './models/collections.ts';
import { counter } from './models/counter.ts';
import { kv } from './models/kv.ts';
import { map } from './models/map.ts';
import { multiRegister } from './models/multi-register.ts';
import { fencedMutex, mutex, reentrantMutex, semaphore } from './models/mutex.ts';
import { casRegister, register } from './models/register.ts';
import { set } from './models/set.ts';

/** Every model of the checker, by name. */
export const models: { readonly [name: string]: Model } = Object.fromEntries(
  [
    register,
    casRegister,
    multiRegister,
    kv,
    map,
    set,
    counter,
    queue,
    fifoQueue,
    stack,
    mutex,
    fencedMutex,
    reentrantMutex,
    semaphore,
  ].map((model) => [model.name, model]),
);

export type LinearizableOptions = {
  /** Name of the sequential model (`models`). Default `cas-register`. */
  readonly model?: string;
  /** State before the first operation; null: the model's own (null for a register, "" for kv, 0 for a counter, a free mutex, ...). */
  readonly initial?: Json;
  /**
   * `ignore` (default): a failed cas is only known not to have happened. `observe`: it also saw a value other than
   * the expected one. That is sound only where `fail` is recorded for a mismatch and for nothing else, not for
   * refused connections or expired leases.
   */
  readonly failedCas?: 'observe' | 'ignore';
  /**
   * `ignore` (default): a removal (dequeue, pop) that failed as `empty`, or was answered null, is only known to have taken
   * nothing. `observe`: it also found nothing there, at one moment. Sound only where a removal that could not look (no lock, a
   * time limit) is not recorded so.
   */
  readonly empty?: 'observe' | 'ignore';
  /** Whether a read that returned null matches every state (some harnesses write null for "not known"). Default false. */
  readonly nilReads?: boolean;
  /** Operations that the model does not know and that change nothing: left out. Default none. */
  readonly harmless?: readonly string[];
  /** How many failing keys are explained in full, smallest first; the others are counted. Default 10. */
  readonly explain?: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    model: {
      enum: Object.keys(models),
      default: 'cas-register',
      description: 'What one copy of the object would do.',
    },
    initial: {
      default: null,
      description: "State before the first operation; null stands for the model's own.",
    },
    failedCas: {
      enum: ['observe', 'ignore'],
      default: 'ignore',
      description:
        'Whether a failed cas proves that the value was not the expected one. Sound only if nothing else is recorded as fail.',
    },
    empty: {
      enum: ['observe', 'ignore'],
      default: 'ignore',
      description:
        'Whether a removal that failed as "empty" or was answered null proves that there was nothing at one moment.',
    },
    nilReads: {
      type: 'boolean',
      default: false,
      description: 'Whether a read that returned null matches every state.',
    },
    harmless: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Operations that the model does not know and that change nothing.',
    },
    explain: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description: 'How many failing keys are explained in full.',
    },
  },
};

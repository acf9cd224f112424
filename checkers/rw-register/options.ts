import type { Json } from '../../histories/index.ts';
import { MODEL_OPTION } from '../transactions/model-option.ts';

export interface RwRegisterOptions {
  /**
   * The consistency model that is promised, e.g. `causal`; `strict-serializable` if absent, or `serializable` for a history
   * whose order claims nothing about real time. Anomalies that it permits are counted, and do not make the verdict invalid.
   */
  readonly model?: string;
  /** What every key holds before anything is written; nil if absent. */
  readonly initial?: Json;
  /** Each key on its own is sequentially consistent: each process meets its versions in their order. */
  readonly sequentialKeys?: boolean;
  /** Each key on its own is linearizable: versions were written in the order of real time. */
  readonly linearizableKeys?: boolean;
  /** A transaction that reads a key and then writes it made a later version than it had read. */
  readonly writesFollowReads?: boolean;
}

export const optionsSchema: { readonly [keyword: string]: Json } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    model: MODEL_OPTION,
    initial: { description: 'what every key holds before anything is written', default: null },
    sequentialKeys: {
      type: 'boolean',
      description: 'each key on its own is sequentially consistent',
      default: false,
    },
    linearizableKeys: {
      type: 'boolean',
      description: 'each key on its own is linearizable',
      default: false,
    },
    writesFollowReads: {
      type: 'boolean',
      description: 'a transaction that reads a key and then writes it makes a later version than it read',
      default: false,
    },
  },
};

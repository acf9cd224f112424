import type { Json } from '../../histories/index.ts';
import { MODEL_OPTION } from '../transactions/model-option.ts';

export interface ListAppendOptions {
  /**
   * The consistency model that is promised, e.g. `serializable`. If absent, the one that the history claims, where it is one of transactions;
   * otherwise `strict-serializable`, or `serializable` for a history whose order claims nothing about real time. Anomalies that it permits are counted, and do not make the verdict invalid.
   */
  readonly model?: string;
}

export const optionsSchema: { readonly [keyword: string]: Json } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: { model: MODEL_OPTION },
};

import type { Json } from '../../histories/index.ts';
import { MODEL_ALIASES, MODEL_NAMES, MODELS, type Model } from '../transactions/models.ts';

export interface ListAppendOptions {
  /**
   * The consistency model that is promised, e.g. `serializable`; `strict-serializable` if absent, or `serializable` for a history
   * whose order claims nothing about real time. Anomalies that it permits are counted, and do not make the verdict invalid.
   */
  readonly model?: string;
}

export const optionsSchema: { readonly [keyword: string]: Json } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    model: {
      enum: [...MODEL_NAMES, ...Object.keys(MODEL_ALIASES)],
      description:
        'The consistency model that is promised; strict-serializable if absent, or serializable where the history claims nothing about real time.',
    },
  },
};

/** @throws Error naming the models if there is none of that name. */
export function modelOf(options: ListAppendOptions, realtime: boolean): Model {
  const name = options.model ?? (realtime ? 'strict-serializable' : 'serializable');
  if (Object.hasOwn(MODELS, name)) return name as Model;
  const model = Object.hasOwn(MODEL_ALIASES, name) ? MODEL_ALIASES[name] : undefined;
  if (model === undefined)
    throw new Error(`option model: expected one of ${MODEL_NAMES.join(', ')}, got ${name}`);
  return model;
}

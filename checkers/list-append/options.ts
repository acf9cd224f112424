import type { Json } from '../../histories/index.ts';
import { MODEL_ALIASES, MODEL_NAMES, MODELS, type Model } from '../transactions/models.ts';

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
  properties: {
    model: {
      enum: [...MODEL_NAMES, ...Object.keys(MODEL_ALIASES)],
      description:
        'The consistency model that is promised. If absent, the one that the history claims; otherwise strict-serializable, or serializable where the history claims nothing about real time.',
    },
  },
};

/** `claimed`: what the history's header claims. @throws Error naming the models if there is none of the name in the options. */
export function modelOf(options: ListAppendOptions, realtime: boolean, claimed?: string): Model {
  const byDefault = realtime ? 'strict-serializable' : 'serializable';
  const name = options.model ?? modelNamed(claimed ?? '') ?? byDefault;
  const model = modelNamed(name);
  if (model === undefined)
    throw new Error(`option model: expected one of ${MODEL_NAMES.join(', ')}, got ${name}`);
  return model;
}

function modelNamed(name: string): Model | undefined {
  if (Object.hasOwn(MODELS, name)) return name as Model;
  return Object.hasOwn(MODEL_ALIASES, name) ? MODEL_ALIASES[name] : undefined;
}

import { MODEL_ALIASES, type Model, modelNamed, TRANSACTIONAL_MODELS } from './models.ts';

/** The part of a checker's schema for the option `model`. */
export const MODEL_OPTION = {
  enum: [...TRANSACTIONAL_MODELS, ...Object.keys(MODEL_ALIASES)],
  description:
    'The consistency model that is promised. If absent, the one that the history claims; otherwise strict-serializable, or serializable where the history claims nothing about real time.',
};

/** `claimed`: what the history's header claims. @throws Error naming the models if there is none of the name in the option. */
export function modelOf(option: string | undefined, realtime: boolean, claimed?: string): Model {
  const byDefault = realtime ? 'strict-serializable' : 'serializable';
  const name = option ?? modelNamed(claimed ?? '') ?? byDefault;
  const model = modelNamed(name);
  if (model === undefined)
    throw new Error(`option model: expected one of ${TRANSACTIONAL_MODELS.join(', ')}, got ${name}`);
  return model;
}

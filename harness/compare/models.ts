import type { Validity } from '../../histories/index.ts';

/** Consistency models of registers that a comparison tells apart, from the strongest on. */
export const MODELS = [
  'linearizable',
  'sequential',
  'CM',
  'CCv',
  'CC',
  'PRAM',
  'MR+WFR',
  'MR+MW',
  'RYW',
  'MR',
  'convergent',
] as const;

export type Model = (typeof MODELS)[number];

/** What the short names stand for. */
export const MODEL_NAMES: { readonly [model in Model]: string } = {
  linearizable: 'linearizable',
  sequential: 'sequentially consistent',
  CM: 'causal memory',
  CCv: 'causal convergence',
  CC: 'causally consistent',
  PRAM: 'pipelined RAM',
  'MR+WFR': 'monotonic reads, and writes follow reads',
  'MR+MW': 'monotonic reads and writes',
  RYW: 'read your writes',
  MR: 'monotonic reads',
  convergent: 'copies agree at the end',
};

/**
 * What each model implies at once (Viotti and Vukolić 2016, figure 1; Bouajjani et al. 2017, section 3). Linearizability includes the
 * final reads, so copies that answer them agree. Sequential consistency may leave a session behind for ever.
 */
const IMPLIES: { readonly [model in Model]: readonly Model[] } = {
  linearizable: ['sequential', 'convergent'],
  sequential: ['CM', 'CCv'],
  CM: ['CC', 'PRAM'],
  CCv: ['CC'],
  CC: ['RYW', 'MR+MW', 'MR+WFR'],
  PRAM: ['RYW', 'MR+MW'],
  'MR+WFR': ['MR'],
  'MR+MW': ['MR'],
  RYW: [],
  MR: [],
  convergent: [],
};

/** All that a model implies, at once or through others; not itself. */
export function impliedBy(model: Model): ReadonlySet<Model> {
  const implied = new Set<Model>();
  const add = (from: Model): void => {
    for (const weaker of IMPLIES[from]) {
      implied.add(weaker);
      add(weaker);
    }
  };
  add(model);
  return implied;
}

/** What one history says of each model. */
export type ModelVerdicts = { readonly [model in Model]: Validity };

/** Those of the models that none of the others implies: the strongest. */
export function maximal(models: readonly Model[]): Model[] {
  return models.filter((model) => !models.some((other) => impliedBy(other).has(model)));
}

/** Those of the models that imply none of the others: the weakest. */
export function minimal(models: readonly Model[]): Model[] {
  return models.filter((model) => !models.some((other) => impliedBy(model).has(other)));
}

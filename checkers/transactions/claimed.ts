import type { History } from '../../histories/index.ts';
import { containsModel, type Model, modelNamed, violatedBy } from './models.ts';

/** Part of the options of a checker that judges what some models of consistency promise and others do not. */
export interface UnclaimedOption {
  /** Judge also a system that does not claim it. */
  readonly unclaimed?: boolean;
}

export const UNCLAIMED_OPTION = {
  unclaimed: {
    description: 'judge also a system that claims too weak a consistency model',
    type: 'boolean',
    default: false,
  },
} as const;

/**
 * Whether a history is to be judged by what these models promise: unless it claims a model that they do not include. One that claims
 * nothing is judged; `linearizable` is taken for the strongest model; `eventual` and others that are no models of transactions promise nothing here.
 */
export function isClaimed(
  { header }: History,
  { unclaimed = false }: UnclaimedOption,
  promises: (model: Model) => boolean,
): boolean {
  const claimed = header.claims?.consistency;
  if (unclaimed || claimed === undefined) return true;
  const model = modelNamed(claimed === 'linearizable' ? 'strict-serializable' : claimed);
  return model !== undefined && promises(model);
}

/** The models that rule the anomaly out. */
export function forbidding(anomaly: string): (model: Model) => boolean {
  const models = new Set(violatedBy(anomaly));
  return (model) => models.has(model);
}

/** This model and the stronger ones. */
export function atLeast(weakest: Model): (model: Model) => boolean {
  return (model) => containsModel(model, weakest);
}

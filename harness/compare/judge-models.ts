import {
  type Budget,
  type Checker,
  causal,
  convergence,
  linearizable,
  pram,
  prepareSelections,
  sequential,
  sessionGuarantees,
} from '../../checkers/index.ts';
import type { History, Json, Validity } from '../../histories/index.ts';
import { impliedBy, MODELS, type Model, type ModelVerdicts } from './models.ts';

/** The checker that judges a model, with its options. */
const JUDGES: { readonly [model in Model]: readonly [Checker<never>, Json?] } = {
  linearizable: [linearizable],
  sequential: [sequential],
  CM: [causal, { variant: 'CM' }],
  CCv: [causal, { variant: 'CCv' }],
  CC: [causal, { variant: 'CC' }],
  PRAM: [pram],
  'MR+WFR': [sessionGuarantees, { guarantees: ['monotonic-reads', 'writes-follow-reads'] }],
  'MR+MW': [sessionGuarantees, { guarantees: ['monotonic-reads', 'monotonic-writes'] }],
  RYW: [sessionGuarantees, { guarantees: ['read-your-writes'] }],
  MR: [sessionGuarantees, { guarantees: ['monotonic-reads'] }],
  convergent: [convergence],
};

/** A search that takes longer is `unknown`; histories of a comparison are short. */
const BUDGET: Budget = { steps: 1_000_000, memoryBytes: 256 * 1024 * 1024 };

/** Judges a history by every model, the strongest first: what a valid one implies is not judged again. */
export function judgeModels(history: History): ModelVerdicts {
  const verdicts = new Map<Model, Validity>();
  for (const model of MODELS) {
    if (verdicts.has(model)) continue;
    const validity = judgeBy(model, history);
    verdicts.set(model, validity);
    if (validity === 'valid') for (const weaker of impliedBy(model)) verdicts.set(weaker, 'valid');
  }
  return Object.fromEntries(verdicts) as ModelVerdicts;
}

function judgeBy(model: Model, history: History): Validity {
  const [judge, given] = JUDGES[model];
  const selection = { name: judge.name, ...(given !== undefined && { options: given }) };
  const [prepared] = prepareSelections([selection], [judge]);
  return prepared!.checker.check(history, prepared!.options, BUDGET).validity;
}

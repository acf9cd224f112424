import type { History, Json, Validity } from '../histories/index.ts';
import type { Budget, Checker, Verdict } from './checker.ts';
import { SelectionError, validOptions } from './options.ts';
import { evidence, hasSchedule } from './service/evidence.ts';
import { mergeValidity } from './shared/verdicts.ts';

/** A checker by name, with the options of this run. */
export interface Selection {
  readonly name: string;
  readonly options?: Json;
}

/** What all selected checkers say together. */
export interface Judgement {
  readonly validity: Validity;
  /** In the order of the selections; `evidence` comes last where nobody selected it. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Judges a history by the selected checkers, and by `evidence` if it has a schedule: a run that tested nothing proves nothing.
 * A budget given as a function is asked for when its checker begins, so that time is counted for each.
 * All selections are checked before the first checker runs.
 * No selection at all gives `valid` with no verdicts of checkers: it is for the caller to say that nothing was judged.
 * @throws SelectionError naming the checker, the place in its options (JSON pointer), the expectation and the value.
 */
export function judge(
  history: History,
  selections: readonly Selection[],
  registry: readonly Checker[],
  budget: Budget | ((checker: string) => Budget) = {},
): Judgement {
  const prepared = prepareSelections(selections, registry);
  const budgetOf = (name: string): Budget => (typeof budget === 'function' ? budget(name) : budget);
  const verdicts = prepared.map(({ checker, options }) =>
    checker.check(history, options, budgetOf(checker.name)),
  );
  if (hasSchedule(history) && !selections.some(({ name }) => name === evidence.name)) {
    verdicts.push(evidence.check(history, {}, budgetOf(evidence.name)));
  }
  return { validity: mergeValidity(verdicts.map(({ validity }) => validity)), verdicts };
}

/** The selected checkers with their options, validated, defaults of the schema filled in. Absent options are `{}`. */
export function prepareSelections(
  selections: readonly Selection[],
  registry: readonly Checker[],
): { readonly checker: Checker; readonly options: Json }[] {
  return selections.map(({ name, options: given }) => {
    const checker = registry.find((candidate) => candidate.name === name);
    if (checker === undefined) {
      const known = registry.map((candidate) => candidate.name).join(', ');
      throw new SelectionError('unknown-checker', `checker "${name}": expected one of ${known}`);
    }
    return { checker, options: validOptions(checker, given) };
  });
}

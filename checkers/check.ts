import type { History } from '../histories/index.ts';
import type { Budget, Checker, Verdict } from './checker.ts';
import { validOptions } from './options.ts';

/**
 * Judges a history by one checker: `check(history, linearizable, { model: 'register' })`. The options are typed by the checker and
 * checked against its schema, defaults filled in.
 *
 * @throws SelectionError for options that the schema forbids; UncheckableHistory or HistoryError for a history that the checker cannot judge.
 */
export function check<Options>(
  history: History,
  checker: Checker<Options>,
  options?: Options,
  budget: Budget = {},
): Verdict {
  return checker.check(history, validOptions(checker, options), budget);
}

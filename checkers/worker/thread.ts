import { type History, HistoryError, type Json, type Place, readAnyHistory } from '../../histories/index.ts';
import { timed } from '../budget.ts';
import type { Checker, Verdict } from '../checker.ts';
import * as library from '../index.ts';

/** What the thread is given. */
export interface Job {
  /** A file, or the history itself. */
  readonly subject: string | History;
  readonly checker: string;
  readonly options: Json | undefined;
  readonly budget: { readonly steps?: number; readonly memoryBytes?: number; readonly seconds?: number };
  /** Shared: how much of the work is done, of how much. */
  readonly progress: Float64Array;
}

/** An error as data: threads would lose its code. */
export interface Mistake {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly place?: Place;
  readonly stack?: string;
}

export type Answer = { readonly verdict: Verdict } | { readonly mistake: Mistake };

const now = performance.now.bind(performance);

export default async function work(job: Job): Promise<Answer> {
  try {
    const budget = timed(job.budget, now);
    const { prepareSelections } = library;
    const [selected] = prepareSelections([{ name: job.checker, options: job.options }], checkers());
    const history =
      typeof job.subject === 'string' ? (await readAnyHistory(job.subject)).history : job.subject;
    const verdict = selected!.checker.check(history, selected!.options, {
      ...budget,
      progress: (done, total) => {
        job.progress[0] = done;
        job.progress[1] = total;
      },
    });
    return { verdict };
  } catch (error) {
    return { mistake: mistakeOf(error as Error & { code?: string }) };
  }
}

/** All that the library exports. */
function checkers(): Checker[] {
  return Object.values(library).filter(isChecker);
}

function isChecker(value: unknown): value is Checker {
  const { check, summary, cost } = (value ?? {}) as Partial<Checker>;
  return typeof check === 'function' && typeof summary === 'string' && typeof cost === 'string';
}

function mistakeOf(error: Error & { code?: string }): Mistake {
  const { name, message, stack, code } = error;
  if (error instanceof HistoryError) {
    const { file, line, column, pointer, reason } = error;
    return { name, code: error.code, message: reason, place: { file, line, column, pointer } };
  }
  return { name, message, ...(code && { code }), ...(stack && { stack }) };
}

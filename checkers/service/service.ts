import type { History, OperationPair } from '../../histories/index.ts';
import { pairsOf } from '../shared/pairs.ts';

/** Definite failures by which a system answers: it works, and says no. Others (`refused`, `unavailable`) mean that it does not. */
export const SERVED_ERRORS: readonly string[] = ['cas-mismatch', 'not-found'];

/** Options that say what counts as served. */
export type ServiceOptions = {
  /** Errors of a `fail` that are answers of a working system, instead of `cas-mismatch` and `not-found`. */
  readonly servedErrors?: readonly string[];
};

/** The part of a checker's schema for `ServiceOptions`. */
export const SERVICE_OPTIONS = {
  servedErrors: {
    description: 'errors of a definite failure that are answers of a working system',
    type: 'array',
    items: { type: 'string' },
    default: SERVED_ERRORS,
  },
} as const;

/** One operation of a client, from the point of view of somebody who waits for an answer. */
export interface Attempt extends OperationPair {
  /** It was answered: `ok`, or a definite failure that a working system gives. */
  readonly served: boolean;
  /** Nanoseconds from invocation to completion; infinite if it never completed. */
  readonly latency: number;
}

/** All operations of clients, in the order of invocation. Cost: linear. */
export function attemptsOf(history: History, options: ServiceOptions): Attempt[] {
  const servedErrors = new Set<unknown>(options.servedErrors ?? SERVED_ERRORS);
  return pairsOf(history).map(({ invocation, completion }): Attempt => {
    if (completion === undefined) return { invocation, served: false, latency: Number.POSITIVE_INFINITY };
    const served = isServed(completion, servedErrors);
    return { invocation, completion, served, latency: completion.time - invocation.time };
  });
}

/** True of an answer: `ok`, or a definite failure that a working system gives. */
export function isServed(
  { type, error }: { readonly type: string; readonly error?: unknown },
  servedErrors: ReadonlySet<unknown> = new Set(SERVED_ERRORS),
): boolean {
  return type === 'ok' || (type === 'fail' && servedErrors.has(wordOf(error)));
}

/** An error is a word, or a list that begins with one. */
function wordOf(error: unknown): unknown {
  return Array.isArray(error) ? error[0] : error;
}

/** Share of them that was served within the deadline; undefined if there are none. */
export function shareServed(attempts: readonly Attempt[], deadline: number): number | undefined {
  if (attempts.length === 0) return undefined;
  return attempts.filter((attempt) => inTime(attempt, deadline)).length / attempts.length;
}

export function inTime({ served, latency }: Attempt, deadline: number): boolean {
  return served && latency <= deadline;
}

/** To six decimals, for figures; null for nothing. */
export function rounded(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * 1e6) / 1e6;
}

/** The share in percent, with as many decimals as tell it from 100 %: `99.95 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.999 && share < 1 ? 7 : 4))} %`;
}

/** The attempts by kind of operation, sorted by its name. */
export function byKind(attempts: readonly Attempt[]): [f: string, attempts: Attempt[]][] {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(attempt.invocation.f);
    if (group === undefined) groups.set(attempt.invocation.f, [attempt]);
    else group.push(attempt);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

import type { Json, Validity } from '../../histories/index.ts';
import type { Anomaly, Verdict } from '../checker.ts';

/** Anomalies that one verdict lists at most; figures count them all. Keeps a verdict readable and its file small. */
export const MOST_ANOMALIES = 32;

const RANK: { readonly [validity in Validity]: number } = { valid: 0, unknown: 1, invalid: 2 };

/** `invalid` beats `unknown` beats `valid`; nothing at all is `valid`. */
export function mergeValidity(validities: Iterable<Validity>): Validity {
  let merged: Validity = 'valid';
  for (const validity of validities) if (RANK[validity] > RANK[merged]) merged = validity;
  return merged;
}

/**
 * A verdict out of what a checker found: invalid if there is an anomaly, else unknown if there is a reason, else valid.
 * The anomalies come with the smallest first (fewest operations; those that are equal keep their order).
 */
export function verdictOf(
  checker: string,
  found: { readonly anomalies: readonly Anomaly[]; readonly reason?: string },
  figures: { readonly [name: string]: Json },
): Verdict {
  const anomalies = [...found.anomalies].sort((a, b) => a.operations.length - b.operations.length);
  const counted = anomalies.length > MOST_ANOMALIES ? { ...figures, anomalies: anomalies.length } : figures;
  const verdict = { checker, anomalies: anomalies.slice(0, MOST_ANOMALIES), figures: counted };
  if (anomalies.length > 0) return { ...verdict, validity: 'invalid' };
  return found.reason === undefined
    ? { ...verdict, validity: 'valid' }
    : { ...verdict, validity: 'unknown', reason: found.reason };
}

/** A verdict as plain data, to be kept in the footer of a history. */
export function verdictAsJson({ checker, validity, anomalies, reason, figures }: Verdict): Json {
  return {
    checker,
    validity,
    anomalies: anomalies.map(({ name, key, explanation, operations, data }) => ({
      name,
      ...(key !== undefined && { key }),
      explanation,
      operations,
      ...(data !== undefined && { data }),
    })),
    ...(reason !== undefined && { reason }),
    figures,
  };
}

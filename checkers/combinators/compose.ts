import type { Json } from '../../histories/index.ts';
import type { Anomaly, Checker, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { Streams } from '../streaming.ts';

type OptionsOf<Candidate> = Candidate extends Checker<infer Options> ? Options : never;

/** For each name the options of its checker. */
export type ComposedOptions<Checkers> = { readonly [name in keyof Checkers]?: OptionsOf<Checkers[name]> };

/**
 * Several checkers as one: `compose({ order: linearizable, service: availability })`, with the options of each under its name.
 * Invalid beats unknown beats valid. Every anomaly says by `checker` which name found it; the figures have each one's verdict in short.
 * As a stream, those of them that cannot stream share one collection of the events.
 * Steps, memory and time of the budget are for each; whoever wants one deadline for all gives an `expired` that knows it.
 */
export function compose<Checkers extends { readonly [name: string]: Checker<never> }>(
  checkers: Checkers,
  name = 'compose',
): Checker<ComposedOptions<Checkers>> {
  const parts: readonly [string, Checker<never>][] = Object.entries(checkers);
  return {
    name,
    summary: parts.map(([, checker]) => checker.summary).join('; '),
    cost: parts.map(([part, checker]) => `${part}: ${checker.cost}`).join('; '),
    options: {
      type: 'object',
      properties: Object.fromEntries(
        parts.map(([part, checker]) => [part, { default: {}, ...checker.options }] as const),
      ),
      additionalProperties: false,
    },
    stream(options, budget) {
      const given: { readonly [part: string]: unknown } = options ?? {};
      const streams = new Streams(
        parts.map(([part, checker]) => ({ name: part, checker, options: given[part] ?? {} })),
        budget ?? {},
      );
      return {
        collecting: streams.collecting,
        event: (event) => streams.event(event),
        finish(frame) {
          const verdicts = streams.finish(frame);
          return merged(
            name,
            parts.map(([part], nth) => [part, verdicts[nth]!]),
          );
        },
      };
    },
    check(history, options, budget) {
      const given: { readonly [part: string]: unknown } = options ?? {};
      return merged(
        name,
        parts.map(([part, checker]) => [
          part,
          checker.check(history, (given[part] ?? {}) as never, budget ?? {}),
        ]),
      );
    },
  };
}

function merged(name: string, verdicts: readonly (readonly [string, Verdict])[]): Verdict {
  const anomalies: Anomaly[] = [];
  const reasons: string[] = [];
  const figures: { [part: string]: Json } = {};
  for (const [part, { validity, anomalies: found, reason, figures: looked }] of verdicts) {
    anomalies.push(...found.map((anomaly) => ({ ...anomaly, checker: part })));
    if (validity === 'unknown') reasons.push(`${part}: ${reason ?? 'no reason given'}`);
    figures[part] = { validity, ...(reason !== undefined && { reason }), ...looked };
  }
  if (verdicts.length === 0) reasons.push('no checker was composed');
  return verdictOf(name, { anomalies, reason: reasons.join('; ') || undefined }, figures);
}

import type { Json } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import { percentilesOf } from './percentiles.ts';
import { attemptsOf, byKind, rounded } from './service.ts';
import { verdictOf } from './verdicts.ts';
import { list } from './words.ts';

export type StatsOptions = {
  /** Operations that need not succeed. */
  readonly ignore?: readonly string[];
};

/**
 * Counts, rates and latencies by kind of operation. Unknown when some kind was invoked but never succeeded: whatever the
 * other checkers say, they have not seen it at work. Never invalid.
 */
export const stats: Checker<StatsOptions> = {
  name: 'stats',
  summary: 'every kind of operation succeeded at least once; counts, rates, latencies',
  cost: 'O(n log n)',
  perOperation: true,
  options: {
    type: 'object',
    properties: {
      ignore: {
        description: 'operations that need not succeed',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const attempts = attemptsOf(history, {});
    const kinds: { [f: string]: Json } = {};
    const never: string[] = [];
    for (const [f, some] of byKind(attempts)) {
      const count = (type: string) => some.filter(({ completion }) => completion?.type === type).length;
      const ok = count('ok');
      if (ok === 0 && options.ignore?.includes(f) !== true) never.push(f);
      const latencies = some.flatMap(({ completion, latency }) =>
        completion?.type === 'ok' ? [latency] : [],
      );
      kinds[f] = {
        invoked: some.length,
        ok,
        fail: count('fail'),
        info: count('info'),
        open: some.filter(({ completion }) => completion === undefined).length,
        okShare: rounded(ok / some.length),
        latency: percentilesOf(latencies),
      };
    }
    const began = attempts[0]?.invocation.time ?? 0;
    const ended = attempts.reduce(
      (time, { invocation, completion }) => Math.max(time, (completion ?? invocation).time),
      0,
    );
    const span = ended - began;
    const ok = attempts.filter(({ completion }) => completion?.type === 'ok').length;
    const reason =
      attempts.length === 0
        ? 'the history has no operations'
        : never.length > 0
          ? `never succeeded: ${list(never)}`
          : undefined;
    return verdictOf(
      this.name,
      { anomalies: [], reason },
      {
        operations: attempts.length,
        ok,
        okShare: attempts.length === 0 ? null : rounded(ok / attempts.length),
        span,
        okPerSecond: span === 0 ? null : Math.round((ok / span) * 1e12) / 1e3,
        byF: kinds,
      },
    );
  },
};

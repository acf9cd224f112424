import { isOperation, type Json, OperationPairing } from '../../histories/index.ts';
import type { Checker, Verdict } from '../checker.ts';
import { percentilesOf } from '../shared/percentiles.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { list } from '../shared/words.ts';
import { streaming } from '../streaming.ts';
import { rounded } from './service.ts';

export type StatsOptions = {
  /** Operations that need not succeed. */
  readonly ignore?: readonly string[];
};

/**
 * Counts, rates and latencies by kind of operation. Unknown when some kind was invoked but never succeeded: whatever the
 * other checkers say, they have not seen it at work. Never invalid. A stream keeps one number for each operation that succeeded.
 */
export const stats: Checker<StatsOptions> = streaming({
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
  stream(options) {
    const pairing = new OperationPairing();
    const kinds = new Map<string, Kind>();
    let began = 0;
    let ended = 0;
    return {
      event(event) {
        if (!isOperation(event)) return;
        const pair = pairing.event(event);
        if (pair === undefined) {
          if (kinds.size === 0) began = event.time;
          kindOf(kinds, event.f).invoked++;
        } else {
          const { invocation, completion } = pair;
          const kind = kindOf(kinds, invocation.f);
          if (completion.type === 'ok') kind.latencies.push(completion.time - invocation.time);
          else if (completion.type === 'fail') kind.fail++;
          else kind.info++;
        }
        ended = Math.max(ended, event.time);
      },
      finish: () => verdictOfKinds(kinds, ended - began, options),
    };
  },
});

/** What is known of the operations of one kind. */
interface Kind {
  invoked: number;
  fail: number;
  info: number;
  /** Of those that succeeded. */
  readonly latencies: number[];
}

function kindOf(kinds: Map<string, Kind>, f: string): Kind {
  let kind = kinds.get(f);
  if (kind === undefined) {
    kind = { invoked: 0, fail: 0, info: 0, latencies: [] };
    kinds.set(f, kind);
  }
  return kind;
}

function verdictOfKinds(kinds: Map<string, Kind>, span: number, options: StatsOptions): Verdict {
  const byF: { [f: string]: Json } = {};
  const never: string[] = [];
  let operations = 0;
  let succeeded = 0;
  for (const [f, { invoked, fail, info, latencies }] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ok = latencies.length;
    if (ok === 0 && options.ignore?.includes(f) !== true) never.push(f);
    byF[f] = {
      invoked,
      ok,
      fail,
      info,
      open: invoked - ok - fail - info,
      okShare: rounded(ok / invoked),
      latency: percentilesOf(latencies),
    };
    operations += invoked;
    succeeded += ok;
  }
  const reason =
    operations === 0
      ? 'the history has no operations'
      : never.length > 0
        ? `never succeeded: ${list(never)}`
        : undefined;
  return verdictOf(
    'stats',
    { anomalies: [], reason },
    {
      operations,
      ok: succeeded,
      okShare: operations === 0 ? null : rounded(succeeded / operations),
      span,
      okPerSecond: span === 0 ? null : Math.round((succeeded / span) * 1e12) / 1e3,
      byF,
    },
  );
}

import { type History, isOperation, type Operation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { percentile, percentilesOf, sortedNumbers } from '../shared/percentiles.ts';
import { asObject } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural, seconds } from '../shared/words.ts';
import { percent, rounded } from './service.ts';

export type TokenStreamOptions = {
  /** Least share of the blocks of prompts that need not be computed, 0..1. */
  readonly prefixHitRate?: number;
  /** Most nanoseconds to the first token, and between two tokens, at this percentile of the answers. */
  readonly firstTokenWithin?: number;
  readonly gapWithin?: number;
  readonly percentile?: number;
};

const PERCENTILE = 99;

/** What an answer says of its stream. */
interface Stream {
  readonly operation: Operation;
  readonly cached: number;
  readonly blocks: number;
  readonly firstToken: number;
  readonly gap: number;
}

/**
 * The service that users of a language model see, from what completed operations say: `{cached, blocks, firstToken, gap}`, blocks of the prompt that
 * were cached and in all, nanoseconds to the first token, and the longest gap between two.
 * - `low-prefix-hit-rate`, `late-first-token`, `long-gap`: a bound is not kept.
 * Without a bound it only counts; with one it is unknown if no operation says anything.
 */
export const tokenStream: Checker<TokenStreamOptions> = {
  name: 'token-stream',
  summary: 'answers of language models: prefix hit rate, time to the first token, gaps between tokens',
  cost: 'O(n log n)',
  options: {
    type: 'object',
    properties: {
      prefixHitRate: { description: 'least share of blocks cached', type: 'number', minimum: 0, maximum: 1 },
      firstTokenWithin: { description: 'nanoseconds', type: 'number', minimum: 0 },
      gapWithin: { description: 'nanoseconds', type: 'number', minimum: 0 },
      percentile: {
        description: 'of the answers, for the bounds of time',
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: PERCENTILE,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const streams = streamsOf(history);
    const blocks = streams.reduce((sum, stream) => sum + stream.blocks, 0);
    const cached = streams.reduce((sum, stream) => sum + stream.cached, 0);
    const { prefixHitRate, firstTokenWithin, gapWithin } = options;
    const isBounded =
      prefixHitRate !== undefined || firstTokenWithin !== undefined || gapWithin !== undefined;
    const anomalies: Anomaly[] = [];
    if (prefixHitRate !== undefined && blocks > 0 && cached / blocks < prefixHitRate - 1e-9) {
      anomalies.push({
        name: 'low-prefix-hit-rate',
        explanation: `Of ${plural(blocks, 'block')} of prompts ${cached} were cached, ${percent(cached / blocks)} instead of at least ${percent(prefixHitRate)}.`,
        operations: streams
          .filter((stream) => stream.cached === 0)
          .map(({ operation }) => operation.index)
          .slice(0, 3),
        data: { blocks, cached, floor: prefixHitRate },
      });
    }
    if (firstTokenWithin !== undefined)
      anomalies.push(...late(streams, 'firstToken', firstTokenWithin, options.percentile ?? PERCENTILE));
    if (gapWithin !== undefined)
      anomalies.push(...late(streams, 'gap', gapWithin, options.percentile ?? PERCENTILE));
    const reason = isBounded && streams.length === 0 ? 'no operation says anything of its tokens' : undefined;
    return verdictOf(
      this.name,
      { anomalies, ...(reason !== undefined && { reason }) },
      {
        answers: streams.length,
        blocks,
        cached,
        prefixHitRate: blocks === 0 ? null : rounded(cached / blocks),
        firstToken: percentilesOf(streams.map(({ firstToken }) => firstToken)),
        gap: percentilesOf(streams.map(({ gap }) => gap)),
        ...(!isBounded && { judged: 'no bound is stated' }),
      },
    );
  },
};

function streamsOf({ events }: History): Stream[] {
  return events.flatMap((event): Stream[] => {
    if (!isOperation(event) || event.type !== 'ok') return [];
    const { cached, blocks, firstToken, gap } = asObject(event.value) ?? {};
    if (typeof cached !== 'number' || typeof blocks !== 'number') return [];
    if (typeof firstToken !== 'number' || typeof gap !== 'number') return [];
    return [{ operation: event, cached, blocks, firstToken, gap }];
  });
}

function late(
  streams: readonly Stream[],
  what: 'firstToken' | 'gap',
  most: number,
  percentage: number,
): Anomaly[] {
  const at = percentile(sortedNumbers(streams.map((stream) => stream[what])), percentage);
  if (at === undefined || at <= most) return [];
  const slow = streams.filter((stream) => stream[what] > most);
  const worst = slow.reduce((most, one) => (one[what] > most[what] ? one : most));
  const subject = what === 'gap' ? 'the longest gap between two tokens' : 'the time to the first token';
  return [
    {
      name: what === 'gap' ? 'long-gap' : 'late-first-token',
      explanation: `Percentile ${percentage} of ${subject} is ${seconds(at)} instead of at most ${seconds(most)}: it was longer in ${slow.length} of ${plural(streams.length, 'answer')}. The worst was ${seconds(worst[what])}, that of operation ${worst.operation.index} of process ${worst.operation.process}.`,
      operations: [worst.operation.index],
      data: { percentile: percentage, at, most, longer: slow.length },
    },
  ];
}

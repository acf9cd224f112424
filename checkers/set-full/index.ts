import type { History, Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { finalFrom } from '../shared/final-reads.ts';
import { percentilesOf } from '../shared/percentiles.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, plural } from '../shared/words.ts';
import { duplicate, missing, nonlinearizable, phantom, stranger } from './anomalies.ts';
import { evidenceOf, type SetEvidence, type SetRead } from './evidence.ts';
import { fateOf } from './fates.ts';
import { contradictionOf } from './linearizability.ts';

export interface SetFullOptions extends HarmlessOption {
  /** Judge also that the set is linearizable: stale reads and reads that contradict each other are violations. */
  readonly linearizable?: boolean;
}

const HARMLESS = { ...HARMLESS_OPTION.harmless, default: ['contains'] } as const;

/**
 * What became of each element of a set that only grows: `add` v, `read` -> [v...]. An element is *known* to be there from the completion of an acknowledged add or of a read that saw it. It is
 * - `lost` if a read that was invoked after that, and after all reads that saw it were over, lacks it;
 * - stale if it was missing from a read that was invoked after it was known, and seen later: reported with the times that it took at least until it was there for good (`stableLatency`, nanoseconds);
 * - a `phantom` if a read saw it though nobody had tried to add it before that read was over, or all who tried certainly failed;
 * - a `duplicate` if one read returned it more than once;
 * - never read if it was acknowledged and no read was invoked after that.
 * An indeterminate add counts only if somebody saw its element.
 *
 * With `linearizable` stale reads (`stale-read`) are violations, and so are reads that contradict each other (`nonlinearizable`); the verdict is then exact: valid
 * if and only if the adds and reads are linearizable. Without, it judges what is there in the end, and nothing about the way there.
 *
 * Unknown if no element that is known to be there was looked for afterwards, or the time is over. After Jepsen's `checker/set-full`, which looks neither for phantoms nor at the order of reads.
 */
export const setFull: Checker<SetFullOptions> = {
  name: 'set-full',
  summary: 'the fate of each element of a set: lost, stale, never read, stable; phantoms and duplicates',
  cost: 'linear in the lengths of all reads',
  options: {
    type: 'object',
    properties: {
      linearizable: {
        description: 'judge also that the set is linearizable: stale reads are violations',
        type: 'boolean',
        default: false,
      },
      harmless: HARMLESS,
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    return check(this.name, history, options, budget, () => true);
  },
};

/**
 * The same, judged by the final reads alone: those of the phase `final` and later ones, or without such a phase the last read of each key.
 * For systems that promise nothing before everything has settled.
 */
export const set: Checker<HarmlessOption> = {
  name: 'set',
  summary: 'the final reads of a set have every element that was acknowledged, and no others',
  cost: 'linear in the lengths of all final reads',
  options: { type: 'object', properties: { harmless: HARMLESS }, additionalProperties: false },
  check(history, options, budget) {
    const from = finalFrom(history);
    if (from !== Number.POSITIVE_INFINITY) {
      return check(this.name, history, options, budget, ({ invocation }) => invocation.index >= from);
    }
    const last = new Map<string | number | undefined, OperationPair>();
    for (const { key, pairs } of structuresOf(history, OPERATIONS, options).structures) {
      const read = pairs.findLast(
        ({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok',
      );
      if (read !== undefined) last.set(key, read);
    }
    return check(this.name, history, options, budget, (pair) => last.get(pair.invocation.key) === pair);
  },
};

const OPERATIONS = ['add', 'read'];

function check(
  name: string,
  history: History,
  options: SetFullOptions,
  budget: Budget,
  counts: (read: OperationPair) => boolean,
): Verdict {
  const harmless = options.harmless ?? HARMLESS.default;
  const { structures, figures, reason } = structuresOf(history, OPERATIONS, { harmless });
  const pace = new Pace(budget);
  const findings = new Findings(history.header.realtime !== false, options.linearizable === true, pace);
  let judged = 0;
  for (const structure of structures) {
    const evidence = evidenceOf(structure, counts, pace);
    if (evidence !== undefined) findings.judge(evidence);
    if (pace.ended) break;
    judged++;
  }
  const outOfTime = pace.reason(judged, plural(structures.length, 'key'));
  return verdictOf(
    name,
    { anomalies: findings.reports.anomalies, reason: reason ?? outOfTime ?? findings.reason() },
    { ...figures, ...findings.figures() },
  );
}

/** What was found in all sets of a history. */
class Findings {
  readonly reports = new Reports();
  private readonly counts = { elements: 0, acknowledged: 0, reads: 0, malformedReads: 0 };
  private readonly fates = { stable: 0, lost: 0, neverRead: 0, unconfirmed: 0, failed: 0 };
  private readonly found = { stale: 0, recovered: 0, phantoms: 0, duplicates: 0 };
  private readonly latencies: number[] = [];
  private readonly realtime: boolean;
  private readonly linearizable: boolean;
  private readonly pace: Pace;

  constructor(realtime: boolean, linearizable: boolean, pace: Pace) {
    this.pace = pace;
    this.realtime = realtime;
    this.linearizable = linearizable;
  }

  /** Stops once the time is over: what was found until then holds. */
  judge(evidence: SetEvidence): void {
    const { ids, reads, acknowledged } = evidence;
    this.counts.elements += ids.values.length;
    this.counts.reads += reads.length;
    this.counts.malformedReads += evidence.malformed;
    const lost = new Map<SetRead, number[]>();
    const stale = new Map<SetRead, number[]>();
    let suspicious = this.judgeStrangers(evidence);
    for (let element = 0; element < ids.values.length; element++) {
      if (this.pace.over()) break;
      if (acknowledged[element]! >= 0) this.counts.acknowledged++;
      if (this.judgePhantom(evidence, element)) {
        suspicious = true;
        continue;
      }
      if (!this.realtime) continue;
      const { fate, stale: missed, knownTime } = fateOf(evidence, element);
      this.fates[fate]++;
      if (acknowledged[element]! < 0 && evidence.firstSeen[element]! >= 0) this.found.recovered++;
      const absent = reads[evidence.lastAbsent[element]!];
      if (fate === 'stable') {
        this.latencies.push(missed && absent !== undefined ? absent.invocation.time - knownTime : 0);
        if (missed) this.found.stale++;
      }
      if (!missed || absent === undefined) continue;
      const group = fate === 'lost' ? lost : stale;
      const elements = group.get(absent);
      if (elements === undefined) group.set(absent, [element]);
      else elements.push(element);
    }
    for (const [read, elements] of lost)
      this.reports.add('lost', () => missing(evidence, 'lost', read, elements));
    if (!this.linearizable || !this.realtime) return;
    for (const [read, elements] of stale)
      this.reports.add('stale-read', () => missing(evidence, 'stale-read', read, elements));
    if (this.pace.ended || suspicious || lost.size + stale.size > 0) return;
    const contradiction = contradictionOf(evidence, this.pace);
    if (contradiction !== undefined)
      this.reports.add('nonlinearizable', () => nonlinearizable(evidence, contradiction));
  }

  private judgeStrangers(evidence: SetEvidence): boolean {
    this.found.phantoms += evidence.strangers.length;
    this.found.duplicates += evidence.duplicates.length;
    for (const found of evidence.strangers) this.reports.add('phantom', () => stranger(evidence, found));
    for (const { element, read } of evidence.duplicates)
      this.reports.add('duplicate', () => duplicate(evidence, element, read));
    return evidence.strangers.length > 0;
  }

  /** Whether it was seen though it cannot have been there. */
  private judgePhantom(evidence: SetEvidence, element: number): boolean {
    const { adds, reads, firstAdd, failed } = evidence;
    const read = reads[evidence.firstSeen[element]!];
    if (read === undefined) return false;
    const add = adds[firstAdd[element]!];
    const suspect = add ?? adds[failed[element]!]!;
    if (add !== undefined && (!this.realtime || add.invocation.index < read.completion.index)) return false;
    this.found.phantoms++;
    const why =
      add === undefined
        ? `all who tried to add it certainly failed, such as ${describeOperation(suspect)}`
        : `nobody had tried to add it yet; the first to do so was ${describeOperation(suspect)}`;
    this.reports.add('phantom', () => phantom(evidence, evidence.ids.values[element]!, read, [suspect], why));
    return true;
  }

  figures(): { readonly [name: string]: Json } {
    const { malformedReads, ...counts } = this.counts;
    return {
      ...counts,
      ...(malformedReads > 0 && { malformedReads }),
      ...this.fates,
      ...this.found,
      ...(this.latencies.length > 0 && { stableLatency: percentilesOf(this.latencies) }),
    };
  }

  reason(): string | undefined {
    if (this.counts.reads === 0) return 'no read succeeded';
    if (!this.realtime)
      return 'the order of this history claims nothing about real time, so nothing can be called lost';
    if (this.fates.stable + this.fates.lost > 0) return undefined;
    return this.fates.neverRead > 0
      ? 'no read was invoked after an element had been acknowledged'
      : 'no add was acknowledged, and none was seen';
  }
}

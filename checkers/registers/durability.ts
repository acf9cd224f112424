import type { History } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { finalFrom } from '../shared/final-reads.ts';
import { timelessReason } from '../shared/timeless.ts';
import { type FaultRecord, faultsInWords, faultsOf, inForce } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, ofKey, plural, seconds } from '../shared/words.ts';
import { Obsolescence, type Overwrite } from './obsolete.ts';
import {
  type Mutation,
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
  type Sight,
} from './registers.ts';

export type DurabilityOptions = RegisterOptions & {
  /**
   * A read may return what was overwritten so many nanoseconds before, by a cache or a lagging copy, and nothing is lost; what the
   * system claims as its staleness if absent, else 0.
   */
  readonly lag?: number;
  /** Judge also a system that does not claim durability. */
  readonly unclaimed?: boolean;
};

/** A read at the end that saw what was certainly overwritten. */
interface Stale {
  readonly sight: Sight;
  readonly overwrite: Overwrite;
  /** The acknowledged operations of which it shows nothing, at least one. */
  readonly lost: readonly Mutation[];
}

/**
 * Acknowledged writes that are gone at the end. The final reads of a key are those of the phase `final` and any later ones. A write (or cas) is lost if
 * final reads saw a value that it certainly replaced at least the allowed lag before (`Obsolescence` says when that is certain, with indeterminate and
 * repeated writes around), and no final read saw anything newer: then the newer value is still somewhere, and the
 * old one was read from a lagging copy, which is for `staleness` and `linearizable` to judge. One anomaly for each key.
 *
 * Unknown if nothing was acknowledged, or no key with an acknowledged write was read at the end.
 */
export const durability: Checker<DurabilityOptions> = {
  name: 'durability',
  summary: 'no acknowledged write is lost: registers, judged by the final reads',
  cost: 'O(n log n)',
  options: {
    type: 'object',
    properties: {
      ...REGISTER_OPTIONS,
      lag: {
        description: 'nanoseconds that reads may lag; the staleness that is claimed if absent',
        type: 'number',
        minimum: 0,
      },
      unclaimed: {
        description: 'judge also a system that does not claim durability',
        type: 'boolean',
        default: false,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { registers, figures, reason: unfit } = registersOf(history, options);
    const reason = timelessReason(history) ?? unfit;
    if (reason !== undefined) return verdictOf(this.name, { anomalies: [], reason }, figures);
    const isFinal = finalReads(history);
    const lag = options.lag ?? history.header.claims?.stalenessWithin ?? 0;
    const faults = faultsOf(history);
    const anomalies: Anomaly[] = [];
    const counts = {
      acknowledged: 0,
      keysWritten: 0,
      keysReadAtEnd: 0,
      finalReads: 0,
      lagging: 0,
      keysLost: 0,
    };
    for (const register of registers) {
      counts.acknowledged += register.acknowledged.length;
      const reads = register.sights.filter(isFinal);
      counts.finalReads += reads.length;
      if (register.acknowledged.length === 0) continue;
      counts.keysWritten++;
      if (reads.length === 0) continue;
      counts.keysReadAtEnd++;
      const obsolescence = new Obsolescence(register);
      const stale = reads.flatMap((sight): Stale[] => {
        const overwrite = obsolescence.overwritten(sight);
        if (overwrite === undefined) return [];
        const lost = obsolescence.between(overwrite.settled, sight, lag);
        return lost.length === 0 ? [] : [{ sight, overwrite, lost }];
      });
      if (stale.length === reads.length) {
        counts.keysLost++;
        anomalies.push(lostWrite(register, stale[0]!, reads.length, faults));
      } else {
        counts.lagging += stale.length;
      }
    }
    if (history.header.claims?.durability === false && options.unclaimed !== true) {
      return verdictOf(
        this.name,
        { anomalies: [] },
        { ...figures, ...counts, judged: 'durability is not claimed' },
      );
    }
    return verdictOf(this.name, { anomalies, reason: missing(counts) }, { ...figures, ...counts });
  },
};

function missing(counts: {
  acknowledged: number;
  keysReadAtEnd: number;
  keysWritten: number;
}): string | undefined {
  if (counts.acknowledged === 0) return 'no write was acknowledged';
  if (counts.keysReadAtEnd > 0) return undefined;
  return `no key has a final read that succeeded, of ${plural(counts.keysWritten, 'key')} with acknowledged writes`;
}

/** Reads of the phase `final`, and whatever was read after it began. */
function finalReads(history: History): (sight: Sight) => boolean {
  const from = finalFrom(history);
  return ({ invocation }) => invocation.f === 'read' && invocation.index >= from;
}

function lostWrite(
  register: Register,
  { sight, overwrite, lost }: Stale,
  reads: number,
  faults: readonly FaultRecord[],
): Anomaly {
  // The last to be acknowledged: after the others, its value is what the register should have shown, or something newer.
  const last = lost.reduce((a, b) => ((b.completion?.index ?? 0) > (a.completion?.index ?? 0) ? b : a));
  const acknowledgedAt = last.completion?.time ?? 0;
  const around = inForce(faults, overwrite.first.invocation.time, sight.invocation.time);
  const writer = overwrite.writer;
  const origin =
    writer !== undefined
      ? `That value was written before, by ${describeOperation(writer)}`
      : sight.identity === register.initial
        ? 'That is the initial value, from before all writes'
        : 'All writes of that value were over before';
  return {
    name: 'lost-write',
    ...(register.key !== undefined && { key: register.key }),
    explanation: [
      `Process ${last.invocation.process} was told at ${seconds(acknowledgedAt)} that its ${last.invocation.f}${ofKey(register.key)} to ${inWords(last.wrote)}, invoked at ${seconds(last.invocation.time)}, succeeded.`,
      `At the end ${describeOperation(sight)}${reads > 1 ? `, and none of the ${reads} final reads saw anything newer` : ''}.`,
      `${origin}: the acknowledged ${last.invocation.f} is lost${lost.length > 1 ? `, and with it everything of the ${lost.length} that were acknowledged since` : ''}.`,
      faultsInWords(around),
    ].join(' '),
    operations: indicesOf(writer === undefined ? [last, sight] : [writer, last, sight]),
    data: {
      lost: lost.length,
      wrote: last.wrote,
      acknowledgedAt,
      saw: sight.saw,
      sawAt: sight.completion.time,
      finalReads: reads,
      firstLost: earliest(lost).invocation.index,
      faults: around.map(({ fault }) => fault),
    },
  };
}

function earliest(mutations: readonly Mutation[]): Mutation {
  return mutations.reduce((a, b) => (b.invocation.index < a.invocation.index ? b : a));
}

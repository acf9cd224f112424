import type { Anomaly, Checker } from '../checker.ts';
import { percentilesOf } from '../shared/percentiles.ts';
import { timelessReason } from '../shared/timeless.ts';
import { faultsInWords, faultsOf, inForce } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, ofKey, plural, seconds } from '../shared/words.ts';
import { Obsolescence, type Overwrite } from './obsolete.ts';
import {
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
  type Sight,
} from './registers.ts';

export type StalenessOptions = RegisterOptions & {
  /** Longest time in nanoseconds that a read may lag; what the system claims if absent. */
  readonly within?: number;
  /** How many of the most recent versions of a key a read may return: 1 is the newest alone. Not judged if absent. */
  readonly versions?: number;
};

interface Lag {
  readonly sight: Sight;
  readonly overwrite: Overwrite;
  readonly lag: number;
}

/** How far behind a read was in versions: so many were certainly newer. */
interface Behind {
  readonly sight: Sight;
  readonly overwrite: Overwrite;
  readonly newer: number;
}

/**
 * How old are the values that reads return? A read lags by the time from the moment at which its value was certainly overwritten (`Obsolescence`:
 * the first acknowledgement among the writes invoked after every write of that value was over) to its
 * own invocation; by 0 if the value may still have been current. That is a lower bound of the true lag. Lags beyond the bound are a
 * `stale-read`, one anomaly for each key with its worst read. Without a bound there are figures only.
 *
 * With a bound in versions (k-atomicity, in real time): each acknowledged write or cas that was invoked after every write of the value was over and that completed
 * before the read was invoked is a newer version, whatever the indeterminate ones did. As many as the bound, and the value is not among
 * the most recent ones that a read may return: `stale-version`, one anomaly for each key with its worst read.
 *
 * Reads of values that nobody wrote are left out; `corruption` judges those.
 */
export const staleness: Checker<StalenessOptions> = {
  name: 'staleness',
  summary: 'a read returns a value that was current at most a stated time ago: registers',
  cost: 'O(n log n)',
  options: {
    type: 'object',
    properties: {
      ...REGISTER_OPTIONS,
      within: {
        description: 'longest lag in nanoseconds; what the system claims if absent',
        type: 'number',
        minimum: 0,
      },
      versions: {
        description: 'how many of the most recent versions a read may return; not judged if absent',
        type: 'integer',
        minimum: 1,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { registers, figures, reason: unfit } = registersOf(history, options);
    const reason = timelessReason(history) ?? unfit;
    if (reason !== undefined) return verdictOf(this.name, { anomalies: [], reason }, figures);
    const within = options.within ?? history.header.claims?.stalenessWithin;
    const faults = faultsOf(history);
    const anomalies: Anomaly[] = [];
    const lags: number[] = [];
    const behind: number[] = [];
    let tooStale = 0;
    let tooOld = 0;
    for (const register of registers) {
      const obsolescence = new Obsolescence(register);
      let worst: Lag | undefined;
      let beyond = 0;
      const stale: { sight: Sight; overwrite: Overwrite; settled: number }[] = [];
      for (const sight of register.sights) {
        if (sight.invocation.f !== 'read') continue;
        const overwrite = obsolescence.overwritten(sight);
        const lag =
          overwrite === undefined ? 0 : sight.invocation.time - (overwrite.first.completion?.time ?? 0);
        lags.push(lag);
        if (overwrite !== undefined) stale.push({ sight, overwrite, settled: overwrite.settled });
        if (overwrite === undefined || within === undefined || lag <= within) continue;
        beyond++;
        if (worst === undefined || lag > worst.lag) worst = { sight, overwrite, lag };
      }
      if (options.versions !== undefined) {
        const newer = obsolescence.versionsSince(stale);
        for (const count of newer) behind.push(count);
        const old = stale
          .map((one, n): Behind => ({ ...one, newer: newer[n]! }))
          .filter((one) => one.newer >= options.versions!);
        tooOld += old.length;
        const oldest = old.reduce<Behind | undefined>(
          (a, b) => (a !== undefined && a.newer >= b.newer ? a : b),
          undefined,
        );
        if (oldest !== undefined)
          anomalies.push(staleVersion(register, oldest, options.versions, old.length));
      }
      tooStale += beyond;
      if (worst === undefined || within === undefined) continue;
      const around = inForce(faults, worst.overwrite.first.invocation.time, worst.sight.completion.time);
      anomalies.push(staleRead(register, worst, within, beyond, faultsInWords(around)));
    }
    const vacuous = lags.length === 0 ? 'nothing was read' : undefined;
    return verdictOf(
      this.name,
      { anomalies, reason: vacuous },
      {
        ...figures,
        reads: lags.length,
        stale: lags.filter((lag) => lag > 0).length,
        tooStale,
        within: within ?? 'no bound is claimed: nothing judged',
        lag: percentilesOf(lags),
        ...(options.versions !== undefined && {
          versions: options.versions,
          tooOld,
          newerVersions: behind.reduce((most, count) => Math.max(most, count), 0),
        }),
      },
    );
  },
};

function staleRead(register: Register, worst: Lag, within: number, count: number, around: string): Anomaly {
  const { sight, overwrite, lag } = worst;
  const { first, writer } = overwrite;
  return {
    name: 'stale-read',
    ...(register.key !== undefined && { key: register.key }),
    explanation: [
      `${capital(describeOperation(sight))} saw a value${ofKey(register.key)} that had been overwritten ${seconds(lag)} before it was invoked; at most ${seconds(within)} is allowed.`,
      `${writer === undefined ? `All writes of ${inWords(sight.saw)} were over` : `The value was written by ${describeOperation(writer)}, which was over`} when it was replaced by ${describeOperation(first)}.`,
      ...(count > 1
        ? [`It is the worst of ${plural(count, 'read')}${ofKey(register.key)} beyond the bound.`]
        : []),
      around,
    ].join(' '),
    operations: indicesOf(writer === undefined ? [first, sight] : [writer, first, sight]),
    data: { lag, within, saw: sight.saw, count },
  };
}

function staleVersion(register: Register, worst: Behind, versions: number, count: number): Anomaly {
  const { sight, overwrite, newer } = worst;
  const { first, writer } = overwrite;
  const origin =
    writer === undefined
      ? `All writes of ${inWords(sight.saw)} were over`
      : `The value was written by ${describeOperation(writer)}, which was over`;
  return {
    name: 'stale-version',
    ...(register.key !== undefined && { key: register.key }),
    explanation: [
      `${capital(describeOperation(sight))} saw a value${ofKey(register.key)} than which ${plural(newer, 'acknowledged version')} ${newer === 1 ? 'was' : 'were'} newer; only the ${versions === 1 ? 'newest' : `${versions} newest`} may be read.`,
      `${origin} when the first of the newer ones was invoked${newer === 1 ? '' : '; the one completed first'}: ${describeOperation(first)}.`,
      ...(count > 1
        ? [`It is the worst of ${plural(count, 'read')}${ofKey(register.key)} beyond the bound.`]
        : []),
    ].join(' '),
    operations: indicesOf(writer === undefined ? [first, sight] : [writer, first, sight]),
    data: { newer, versions, saw: sight.saw, count },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

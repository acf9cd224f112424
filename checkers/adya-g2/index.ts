import type { OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, list, plural } from '../shared/words.ts';
import { atLeast, isClaimed, UNCLAIMED_OPTION, type UnclaimedOption } from '../transactions/claimed.ts';

export type AdyaG2Options = UnclaimedOption & HarmlessOption;

/**
 * Anti-dependency cycles over predicates, by Adya's example (1999, section 4.4.4, G2): `insert` of a row for a key into one of two tables, on condition that
 * neither table has a row for it. If two inserts for one key succeeded, each must have looked before the other wrote: no order of the two
 * explains that. Indeterminate inserts may not have happened, and failed ones certainly did not, so only acknowledged ones count: with them it is exact.
 *
 * Only histories are judged that claim at least update serializability (PL-3U), or claim nothing.
 * The keys that were contested by two inserts or more are counted; where there are none, nothing was tested.
 */
export const adyaG2: Checker<AdyaG2Options> = {
  name: 'adya-g2',
  summary: 'of inserts for one key, each on condition that there is none yet, at most one succeeds',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: { ...UNCLAIMED_OPTION, ...HARMLESS_OPTION },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['insert'], options);
    if (reason !== undefined) return verdictOf(this.name, { anomalies: [], reason }, figures);
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    let judged = 0;
    const counts = { contested: 0, inserted: 0, insertedTwice: 0 };
    for (const { key, pairs } of structures) {
      if (pace.over(pairs.length)) break;
      judged++;
      const acknowledged = pairs.filter(({ completion }) => completion?.type === 'ok');
      if (pairs.length > 1) counts.contested++;
      if (acknowledged.length > 0) counts.inserted++;
      if (acknowledged.length < 2) continue;
      counts.insertedTwice++;
      reports.add('G2', () => ({
        ...(key !== undefined && { key }),
        explanation: inWords(acknowledged),
        operations: indicesOf(acknowledged),
      }));
    }
    const all = { ...figures, ...counts };
    if (!isClaimed(history, options, atLeast('update-serializable'))) {
      const claim = `${history.header.claims?.consistency} promises nothing of predicates`;
      return verdictOf(this.name, { anomalies: [] }, { ...all, judged: claim });
    }
    const outOfTime = pace.reason(judged, plural(structures.length, 'key'));
    const untested =
      outOfTime !== undefined
        ? { reason: outOfTime }
        : counts.contested === 0
          ? { reason: 'no key was contested by two inserts' }
          : counts.inserted === 0
            ? { reason: 'no insert was acknowledged' }
            : {};
    return verdictOf(this.name, { anomalies: reports.anomalies, ...untested }, all);
  },
};

function inWords(inserts: readonly OperationPair[]): string {
  const [first, second] = inserts;
  const more = inserts.length > 2 ? ` (and so did ${inserts.length - 2} more)` : '';
  return `Two inserts for one key succeeded: ${list([first!, second!].map(describeOperation))}${more}. Each was to happen only if there was no row yet. Whichever came second should have found the other's row; as neither did, each looked before the other wrote, and no order of the two explains it.`;
}

import type { History, Json } from '../../histories/index.ts';
import type { Checker } from '../checker.ts';
import { finalFrom } from '../shared/final-reads.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { isBeyond } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { judgeFinal, judgeRecent } from './final.ts';
import { judgeShown } from './shown.ts';
import { versionsOf } from './versions.ts';

export interface SiblingsOptions extends HarmlessOption {
  /** Every get shows what was acknowledged before it was invoked, not only those at the end: quorums that meet. */
  readonly recent?: boolean;
  /** Judge losses also of a system that does not claim durability. */
  readonly unclaimed?: boolean;
}

/**
 * Values of which concurrent ones are kept side by side, as in Dynamo (SOSP 2007, section 4.4): `put` `[value, seen]` replaces the values `seen`, which a `get` -> `[value...]` had shown to
 * its client, and no others. So a value *supersedes* those that its put had seen, those that they had superseded, and so on. A get must show
 * - no value that nobody had tried to put before it was over (`phantom`), and no value twice (`duplicate`: a put was carried out twice);
 * - no value beside one that supersedes it (`superseded-sibling`);
 * - at the end, each acknowledged value, or one that supersedes it: `lost` if no final get does, `diverged` if some do. And in the end a key behaves like one copy: of two final gets
 *   the later one shows what the earlier one did, or what supersedes that (`diverged`).
 * - with the option `recent`, each value that was acknowledged before the get was invoked, or one that supersedes it (`stale`).
 *
 * Exact for gets at the end: what it accepts, some choice of the indeterminate puts explains. Losses are not judged where the system claims no durability, nor divergence where the plan may exceed
 * its tolerance. Keys with a value that was put twice are not judged. Unknown if there are none left, nothing was acknowledged, or no acknowledged key was read at the end.
 */
export const siblings: Checker<SiblingsOptions> = {
  name: 'siblings',
  summary: 'of values with siblings none is lost but to one whose writer had seen it',
  cost: 'for each get the values superseded by what it shows, back to the oldest it shows; for each final get (with `recent`: each get) all puts of its key',
  options: {
    type: 'object',
    properties: {
      recent: {
        description: 'every get shows what was acknowledged before it',
        type: 'boolean',
        default: false,
      },
      unclaimed: {
        description: 'judge losses also of a system that does not claim durability',
        type: 'boolean',
        default: false,
      },
      ...HARMLESS_OPTION,
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { structures, figures, reason } = structuresOf(history, ['put', 'get'], options);
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const from = finalFrom(history);
    const reports = new Reports();
    const counts = { puts: 0, acknowledged: 0, gets: 0, withSiblings: 0, finalGets: 0, keysReadAtEnd: 0 };
    let repeated = 0;
    for (const structure of structures) {
      const versions = versionsOf(structure);
      if (versions === undefined) {
        repeated++;
        continue;
      }
      const { puts, gets } = versions;
      const final = gets.filter(({ pair }) => pair.invocation.index >= from);
      const acknowledged = puts.filter(({ pair }) => pair.completion?.type === 'ok');
      counts.puts += puts.length;
      counts.acknowledged += acknowledged.length;
      counts.gets += gets.length;
      counts.withSiblings += gets.filter(({ shown }) => shown.length > 1).length;
      counts.finalGets += final.length;
      if (final.length > 0 && acknowledged.length > 0) counts.keysReadAtEnd++;
      judgeShown(versions, reports);
      const judged = {
        losses: options.unclaimed === true || history.header.claims?.durability !== false,
        divergence: !isBeyond(history),
      };
      judgeFinal(versions, final, judged, reports);
      if (options.recent === true) judgeRecent(versions, gets, reports);
    }
    const told: { [name: string]: Json } = { ...figures, ...counts, ...(repeated > 0 && { repeated }) };
    const why = reason ?? missing(history, counts, repeated);
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, ...(why !== undefined && { reason: why }) },
      told,
    );
  },
};

function missing(
  { header }: History,
  counts: { readonly puts: number; readonly acknowledged: number; readonly keysReadAtEnd: number },
  repeated: number,
): string | undefined {
  if (counts.puts === 0 && repeated > 0) return 'every key has a value that was put twice';
  if (counts.acknowledged === 0) return 'no put was acknowledged';
  if (counts.keysReadAtEnd > 0) return undefined;
  return `no key with an acknowledged put was read at the end${header.claims === undefined ? ' (gets of the phase final count)' : ''}`;
}

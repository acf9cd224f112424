import { isObservation, type Json, type Observation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { canonical } from '../shared/identity.ts';
import { asObject, isBeyond } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural } from '../shared/words.ts';
import { streaming } from '../streaming.ts';

/** A copy as its host showed it at the end of the run. */
interface Shown {
  readonly host: string;
  readonly index: number;
  readonly of: string;
  readonly at: Json;
  readonly digest: string;
  readonly state?: Json;
}

/**
 * Do copies of the same thing agree? At the end of a run the hosts show the copies that they keep (`Host.copies`): what a copy is of, at which point (a position in a log, say), and its
 * state, by a digest. Replicas that carried out the same operations in the same order have the same state (Schneider 1990, section 2), whoever was restarted, restored or
 * sent a snapshot in between; no client need have read it. `divergent-copies`: two copies at the same point differ. Copies without such a point (`at` is null)
 * only become equal in time: they are compared if the system claims that they do (`convergesWithin`) and the plan keeps to its tolerance. Copies at different points say nothing. A stream keeps the copies.
 */
export const agreement: Checker = streaming({
  name: 'agreement',
  summary: 'copies that hosts show at the end of the run are equal where they should be',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  stream() {
    const shown: Shown[] = [];
    return {
      event(event) {
        if (!isObservation(event) || event.type !== 'note' || event.kind !== 'copy') return;
        const copy = copyIn(event);
        if (copy !== undefined) shown.push(copy);
      },
      finish(history) {
        const converges = history.header.claims?.convergesWithin !== undefined && !isBeyond(history);
        const comparable = shown.filter(({ at }) => at !== null || converges);
        const groups = grouped(comparable, ({ of, at }) => canonical([of, at]));
        const anomalies = [...groups.values()].flatMap(divergence);
        const compared = [...groups.values()].filter((copies) => copies.length > 1);
        return verdictOf(
          'agreement',
          { anomalies },
          { copies: shown.length, compared: compared.flat().length },
        );
      },
    };
  },
});

/** A note of that kind may be a system's own. */
function copyIn({ host, index, data }: Observation): Shown | undefined {
  const { of, at = null, digest, state } = asObject(data) ?? {};
  if (typeof of !== 'string' || typeof digest !== 'string') return undefined;
  return { host, index, of, at, digest, ...(state !== undefined && { state }) };
}

function grouped(
  copies: readonly Shown[],
  by: (copy: Shown) => string,
): ReadonlyMap<string, readonly Shown[]> {
  const groups = new Map<string, Shown[]>();
  for (const copy of copies) {
    const name = by(copy);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [copy]);
    else group.push(copy);
  }
  return groups;
}

/** What differs from the state that most of them have. */
function divergence(copies: readonly Shown[]): Anomaly[] {
  const byState = [...grouped(copies, ({ digest }) => digest).values()].sort((a, b) => b.length - a.length);
  const [most, ...others] = byState;
  if (most === undefined || others.length === 0) return [];
  const [one] = most;
  const [other] = others[0]!;
  const { of, at } = one!;
  const point =
    at === null ? 'At the end of the run, when all copies should have become equal,' : `At ${inWords(at)}`;
  const hosts = (of: readonly Shown[]): string => list(of.map(({ host }) => host));
  const where = firstDifference(one!.state, other!.state, '');
  const what =
    where === undefined
      ? ''
      : ` For example ${where.path || 'the whole'}: ${said(where.one)} on ${one!.host}, ${said(where.other)} on ${other!.host}.`;
  return [
    {
      name: 'divergent-copies',
      key: of,
      explanation: `${point} the copies of ${of} are of ${plural(byState.length, 'state')}: one on ${hosts(most)}, another on ${hosts(others[0]!)}${others.length > 1 ? ', and more' : ''}.${what}`,
      operations: [one!.index, other!.index],
      data: {
        of,
        at,
        states: byState.map((group) => ({ digest: group[0]!.digest, hosts: group.map(({ host }) => host) })),
      },
    },
  ];
}

const said = (value: Json | undefined): string => (value === undefined ? 'nothing' : inWords(value));

interface Difference {
  readonly path: string;
  readonly one: Json | undefined;
  readonly other: Json | undefined;
}

/** The first place where two states differ; undefined if they are not known. */
function firstDifference(
  one: Json | undefined,
  other: Json | undefined,
  path: string,
): Difference | undefined {
  if (path === '' && (one === undefined || other === undefined)) return undefined;
  if (isNested(one) && isNested(other) && Array.isArray(one) === Array.isArray(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    for (const name of names) {
      const difference = firstDifference(one[name], other[name], `${path}/${name}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const equal =
    one !== undefined && other !== undefined ? canonical(one) === canonical(other) : one === other;
  return equal ? undefined : { path, one, other };
}

function isNested(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null;
}

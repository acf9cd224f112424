import { type History, isObservation, isOperation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { asObject } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural, seconds } from '../shared/words.ts';
import { type Epoch, EpochCursor, epochsOf, MEMBERS_OPTION } from './epochs.ts';
import { percent, rounded } from './service.ts';

export type KeyMovementOptions = {
  /** Kind of the notes that tell where a key is: `{key, owner}`, the owner being the host if absent. Without it the `node` of completed operations tells. */
  readonly placement?: string;
  readonly members?: string;
  /** Placements seen so soon after a change are left out: clients and servers still learn of it. Nanoseconds. */
  readonly settle?: number;
  /** Share of the keys that may move at a change, 0..1. */
  readonly most?: number;
  /** The same as a multiple of what a ring of equal servers moves on average: (joined + left) / all that took part before or after. */
  readonly timesIdeal?: number;
  /** No key may move between two servers that were there before and after: consistent hashing never does that. */
  readonly minimal?: boolean;
};

type Key = string | number;

/** Where a key was seen in an epoch: with one single owner, or divided. */
interface Placement {
  /** The first, and the event that tells of it. */
  readonly owner: string;
  readonly index: number;
  readonly owners: Set<string>;
}

function isDivided({ owners }: Placement): boolean {
  return owners.size > 1;
}

/** What one change of the members did. */
interface Change {
  readonly at: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Keys with one known owner on both sides. */
  readonly judged: number;
  readonly moved: readonly Move[];
  /** Moves between servers that stayed. */
  readonly needless: readonly Move[];
  readonly ideal: number;
}

interface Move {
  readonly key: Key;
  readonly from: string;
  readonly to: string;
  readonly operations: readonly number[];
}

/**
 * How many keys change their owner when servers join or leave: what a change costs in cold caches or copied data. A key is judged if it was seen with one single
 * owner before the change and one after it; others are counted as divided or unseen.
 * - `key-movement`: a larger share of them moved than allowed;
 * - `needless-move`: with `minimal`, a key moved between two servers that stayed.
 * Karger et al., "Consistent Hashing and Random Trees", STOC 1997: from n servers to n + 1 a ring moves 1/(n + 1) of the keys on average, hashing modulo
 * the number of servers n/(n + 1). Without a bound it only counts; with one it is unknown if there was no change, or no key to judge.
 */
export const keyMovement: Checker<KeyMovementOptions> = {
  name: 'key-movement',
  summary: 'keys change their owner no more than they must when servers join or leave',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      placement: {
        description: 'kind of the notes {key, owner}; else the node that answers',
        type: 'string',
      },
      members: MEMBERS_OPTION,
      settle: {
        description: 'nanoseconds after a change that are left out',
        type: 'number',
        minimum: 0,
        default: 0,
      },
      most: { description: 'share of the keys that may move', type: 'number', minimum: 0, maximum: 1 },
      timesIdeal: { description: 'multiple of what a ring moves on average', type: 'number', minimum: 0 },
      minimal: { description: 'no key moves between servers that stay', type: 'boolean', default: false },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const epochs = epochsOf(history, options.members ?? MEMBERS_OPTION.default);
    const placements = placementsOf(history, epochs, options);
    const changes = changesOf(epochs, placements);
    const isBounded =
      options.most !== undefined || options.timesIdeal !== undefined || options.minimal === true;
    const judged = changes.reduce((sum, change) => sum + change.judged, 0);
    const reason = !isBounded
      ? undefined
      : changes.length === 0
        ? 'the members never changed between times in which keys were seen'
        : judged === 0
          ? 'no key was seen with one single owner before and after a change'
          : undefined;
    return verdictOf(
      this.name,
      {
        anomalies: changes.flatMap((change) => anomaliesOf(change, options)),
        ...(reason !== undefined && { reason }),
      },
      {
        changes: changes.map(({ at, before, after, judged: keys, moved, needless, ideal }) => ({
          at,
          before,
          after,
          keys,
          moved: moved.length,
          share: keys === 0 ? null : rounded(moved.length / keys),
          needless: needless.length,
          ideal: rounded(ideal),
        })),
        divided: placements.reduce((sum, seen) => sum + [...seen.values()].filter(isDivided).length, 0),
        ...(!isBounded && { judged: 'no bound is stated' }),
      },
    );
  },
};

/** For each epoch where each key was seen, by its index of the last event. */
function placementsOf(
  { events }: History,
  epochs: readonly Epoch[],
  { placement, settle = 0 }: KeyMovementOptions,
): Map<Key, Placement>[] {
  const seen = epochs.map(() => new Map<Key, Placement>());
  const cursor = new EpochCursor(epochs);
  for (const event of events) {
    let key: unknown;
    let owner: unknown;
    if (placement === undefined) {
      if (!isOperation(event) || event.type !== 'ok') continue;
      ({ key, node: owner } = event);
    } else {
      if (!isObservation(event) || event.type !== 'note' || event.kind !== placement) continue;
      const data = asObject(event.data);
      key = data?.key;
      owner = data?.owner ?? event.host;
    }
    if (typeof owner !== 'string' || (typeof key !== 'string' && typeof key !== 'number')) continue;
    const nth = cursor.of(event.index);
    // The first announcement is not a change that anybody would have to learn of.
    const isChange = nth > 1 || (nth === 1 && seen[0]!.size > 0);
    if (isChange && event.time < epochs[nth]!.from + settle) continue;
    const known = seen[nth]!.get(key);
    if (known === undefined) seen[nth]!.set(key, { owner, index: event.index, owners: new Set([owner]) });
    else known.owners.add(owner);
  }
  return seen;
}

/** From each epoch in which keys were seen to the next such one. */
function changesOf(epochs: readonly Epoch[], placements: readonly Map<Key, Placement>[]): Change[] {
  const used = epochs.flatMap((epoch, nth) =>
    placements[nth]!.size > 0 ? [{ epoch, seen: placements[nth]! }] : [],
  );
  return used.slice(1).map(({ epoch, seen }, nth) => {
    const earlier = used[nth]!;
    const before = membersOf(earlier.epoch, earlier.seen);
    const after = membersOf(epoch, seen);
    const moved: Move[] = [];
    let judged = 0;
    for (const [key, old] of earlier.seen) {
      const now = seen.get(key);
      if (now === undefined || isDivided(old) || isDivided(now)) continue;
      judged++;
      if (old.owner === now.owner) continue;
      moved.push({ key, from: old.owner, to: now.owner, operations: [old.index, now.index] });
    }
    const stayed = before.filter((name) => after.includes(name));
    const all = new Set([...before, ...after]).size;
    return {
      at: epoch.from,
      before,
      after,
      judged,
      moved,
      needless: moved.filter(({ from, to }) => stayed.includes(from) && stayed.includes(to)),
      ideal: all === 0 ? 0 : (all - stayed.length) / all,
    };
  });
}

/** As announced; else whoever owned something: members unseen make what a ring would move look larger, never smaller. */
function membersOf({ members }: Epoch, seen: ReadonlyMap<Key, Placement>): readonly string[] {
  return members ?? [...new Set([...seen.values()].flatMap(({ owners }) => [...owners]))].sort();
}

function anomaliesOf(change: Change, { most, timesIdeal, minimal }: KeyMovementOptions): Anomaly[] {
  const { judged, moved, needless, ideal } = change;
  if (judged === 0) return [];
  const anomalies: Anomaly[] = [];
  const share = moved.length / judged;
  const bound = Math.min(most ?? 1, timesIdeal === undefined ? 1 : timesIdeal * ideal);
  if (share > bound + 1e-9) {
    const [first] = moved;
    anomalies.push({
      name: 'key-movement',
      explanation: `${describeChange(change)}, ${moved.length} of ${plural(judged, 'key')} changed their owner: ${percent(share)} instead of at most ${percent(bound)}. A ring of equal servers moves ${percent(ideal)} on average. For example key ${inWords(first!.key)} went from ${first!.from} to ${first!.to}.`,
      operations: moved
        .slice(0, 3)
        .flatMap(({ operations }) => operations)
        .sort((a, b) => a - b),
      data: { at: change.at, keys: judged, moved: moved.length, share, bound, ideal },
    });
  }
  if (minimal === true && needless.length > 0) {
    const shown = needless.slice(0, 3).map(({ key, from, to }) => `${inWords(key)} from ${from} to ${to}`);
    anomalies.push({
      name: 'needless-move',
      explanation: `${describeChange(change)}, ${plural(needless.length, 'key')} of ${judged} moved between servers that were there before and after: ${list(shown)}${needless.length > shown.length ? `, and ${needless.length - shown.length} more` : ''}. Only keys of a server that leaves, or for one that joins, have to move.`,
      operations: needless[0]!.operations,
      data: { at: change.at, keys: judged, needless: needless.length },
    });
  }
  return anomalies;
}

function describeChange({ at, before, after }: Change): string {
  const joined = after.filter((name) => !before.includes(name));
  const left = before.filter((name) => !after.includes(name));
  const what = [
    ...(joined.length > 0 ? [`${list(joined)} joined`] : []),
    ...(left.length > 0 ? [`${list(left)} left`] : []),
  ];
  return `When at ${seconds(at)} ${what.length === 0 ? 'the members changed and changed back' : what.join(' and ')} (${plural(before.length, 'server')} before, ${after.length} after)`;
}

import type { Json } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';

type Version = readonly [timestamp: number, value: Json];

/** The versions of a key, oldest first; `pruned` if there were older ones. */
type History = { readonly pruned: boolean; readonly versions: readonly Version[] };

export type VersionsState = readonly (readonly [key: Key, history: History])[];

const NONE: History = { pruned: false, versions: [] };

/** The committed versions of every key, by the timestamps of their transactions. Only the last few of each are kept. */
export class Versions {
  private readonly histories = new Map<Key, History>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** The timestamp of the newest version; 0 if there is none. */
  newest(key: Key): number {
    return this.histories.get(key)?.versions.at(-1)?.[0] ?? 0;
  }

  /** The newest value; null if there is none. */
  latest(key: Key): Json {
    return this.histories.get(key)?.versions.at(-1)?.[1] ?? null;
  }

  /** The value at this time: null if there was none, undefined if the version of that time is gone. */
  at(key: Key, timestamp: number): Json | undefined {
    const { versions, pruned } = this.histories.get(key) ?? NONE;
    for (let nth = versions.length - 1; nth >= 0; nth--) {
      const [written, value] = versions[nth]!;
      if (written <= timestamp) return value;
    }
    return pruned ? undefined : null;
  }

  put(key: Key, timestamp: number, value: Json): void {
    const { versions, pruned } = this.histories.get(key) ?? NONE;
    const all = [...versions, [timestamp, value] as const];
    const kept = all.slice(-this.most);
    this.histories.set(key, { versions: kept, pruned: pruned || kept.length < all.length });
  }

  state(): VersionsState {
    return [...this.histories];
  }

  restore(state: VersionsState): void {
    this.histories.clear();
    for (const [key, history] of state) this.histories.set(key, history);
  }
}

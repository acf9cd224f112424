import type { Json, Nanos } from '../../harness/contract/index.ts';
import type { Key } from './transaction.ts';

interface Version {
  readonly commit: number;
  readonly value: Json;
}

/** The committed versions of every key, and when each commit was. Commits are numbered from 1; 0 is the empty store. */
export class Versions {
  private readonly versions = new Map<Key, Version[]>();
  /** When commit n was made is at position n - 1 - forgotten. */
  private readonly times: Nanos[] = [];
  private forgotten = 0;

  /** The number of the last commit. */
  get last(): number {
    return this.forgotten + this.times.length;
  }

  /** The last commit that is at least this old. */
  before(time: Nanos): number {
    let count = this.times.length;
    while (count > 0 && this.times[count - 1]! > time) count--;
    return this.forgotten + count;
  }

  /** What this commit and those before it left of the key: null if nothing. */
  read(key: Key, commit = this.last): Json {
    return this.versions.get(key)?.findLast((version) => version.commit <= commit)?.value ?? null;
  }

  /** Whether the key was written after this commit. */
  changedAfter(key: Key, commit: number): boolean {
    return (this.versions.get(key)?.at(-1)?.commit ?? 0) > commit;
  }

  install(writes: ReadonlyMap<Key, Json>, now: Nanos): void {
    this.times.push(now);
    for (const [key, value] of writes) {
      const version = { commit: this.last, value };
      const versions = this.versions.get(key);
      if (versions === undefined) this.versions.set(key, [version]);
      else versions.push(version);
    }
  }

  /** Drops what no snapshot at or after this commit can see, of these keys. */
  forget(keys: Iterable<Key>, commit: number): void {
    for (const key of keys) {
      const versions = this.versions.get(key) ?? [];
      const visible = versions.findLastIndex((version) => version.commit <= commit);
      if (visible > 0) versions.splice(0, visible);
    }
    const past = commit - this.forgotten - 1;
    if (past <= 0) return;
    this.times.splice(0, past);
    this.forgotten += past;
  }
}

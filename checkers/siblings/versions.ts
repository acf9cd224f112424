import type { Json, OperationPair } from '../../histories/index.ts';
import { ElementIds } from '../shared/element-ids.ts';
import type { Structure } from '../shared/structures.ts';

/** A value, and who put it. */
export interface Version {
  readonly value: Json;
  /** Absent for a value that was shown and that nobody tried to put. */
  readonly put: Put | undefined;
  /** What its put had seen: superseded by it. */
  readonly seen: readonly number[];
}

export interface Put {
  readonly pair: OperationPair;
  /** Of the value put. */
  readonly version: number;
}

export interface Get {
  readonly pair: OperationPair & { readonly completion: NonNullable<OperationPair['completion']> };
  /** The values shown, as often as they were. */
  readonly shown: readonly number[];
}

/** What was done to one key; versions are numbered by value. */
export interface Versions {
  readonly key: string | number | undefined;
  readonly versions: readonly Version[];
  readonly puts: readonly Put[];
  readonly gets: readonly Get[];
}

/** Undefined for a key with a value that was put twice: then a value does not tell its put. Operations of another shape are passed over. */
export function versionsOf({ key, pairs }: Structure): Versions | undefined {
  const ids = new ElementIds();
  const versions: { value: Json; put: Put | undefined; seen: readonly number[] }[] = [];
  const idOf = (value: Json): number => {
    const id = ids.add(value);
    versions[id] ??= { value, put: undefined, seen: [] };
    return id;
  };
  const puts: Put[] = [];
  const gets: Get[] = [];
  for (const pair of pairs) {
    const { invocation, completion } = pair;
    if (invocation.f === 'get') {
      if (completion?.type !== 'ok' || !Array.isArray(completion.value)) continue;
      gets.push({ pair: { ...pair, completion }, shown: (completion.value as readonly Json[]).map(idOf) });
      continue;
    }
    const argument = invocation.value;
    if (!Array.isArray(argument) || !Array.isArray(argument[1])) continue;
    const version = idOf(argument[0] as Json);
    if (versions[version]!.put !== undefined) return undefined;
    const put = { pair, version };
    versions[version]!.put = put;
    versions[version]!.seen = (argument[1] as readonly Json[]).map(idOf);
    puts.push(put);
  }
  return { key, versions, puts, gets };
}

/**
 * All versions that these supersede, through any number of steps; not those that only they themselves are. `since`: none whose put was invoked before
 * this index, as far as the steps lead through later ones.
 */
export function supersededBy(versions: Versions, shown: readonly number[], since = -1): Set<number> {
  const found = new Set<number>();
  const open = [...shown];
  for (let version = open.pop(); version !== undefined; version = open.pop()) {
    for (const seen of versions.versions[version]!.seen) {
      const invoked = versions.versions[seen]!.put?.pair.invocation.index ?? -1;
      if (invoked < since || found.has(seen)) continue;
      found.add(seen);
      open.push(seen);
    }
  }
  return found;
}

import { type History, type Json, operationPairs } from '../../../histories/index.ts';

/** Definitions by axioms on commit orders. `rc` has none beyond that reads come from what was committed. */
export const DEFINITIONS = [
  'rc',
  'monotonic',
  'atomic',
  'causal',
  'prefix',
  'snapshot',
  'serializable',
] as const;
export type Definition = (typeof DEFINITIONS)[number];

interface Read {
  readonly key: Json;
  readonly value: Json;
}

interface Transaction {
  readonly certain: boolean;
  readonly process: number;
  readonly invoked: number;
  /** The last value written to each key. */
  readonly writes: ReadonlyMap<Json, Json>;
  /** Reads before the transaction wrote the key, in order. */
  readonly reads: readonly Read[];
  /** Reads that differ from what it wrote last, and are no earlier write of its own. */
  readonly strange: readonly Read[];
  /** Whether it read twice differently, or other than it wrote. */
  readonly internal: boolean;
}

/**
 * Which definitions some commit order of all acknowledged and some indeterminate transactions satisfies (Biswas and Enea 2019, section 2.2), where each
 * read comes from a last write of a transaction or the initial state, nil. With `sessions` commit orders keep the order of processes. Reads that
 * contradict the transaction itself violate `atomic` and stronger definitions, and otherwise only need a source. Exponential.
 */
export function satisfied(history: History, sessions: boolean): Set<Definition> {
  const all = transactionsOf(history);
  const found = new Set<Definition>();
  const unsure = all.filter(({ certain }) => !certain);
  for (let choice = 0; choice < 2 ** unsure.length && found.size < DEFINITIONS.length; choice++) {
    const chosen = all.filter((t) => t.certain || (choice >> unsure.indexOf(t)) % 2 === 1);
    tryOrders(chosen, sessions, found);
  }
  return found;
}

/** The initial transaction, before all others. */
const INIT = -1;

function tryOrders(chosen: readonly Transaction[], sessions: boolean, found: Set<Definition>): void {
  const writerOf = (key: Json, value: Json): number | undefined => {
    if (value === null) return INIT;
    const at = chosen.findIndex(({ writes }) => writes.get(key) === value);
    return at < 0 ? undefined : at;
  };
  const sources: number[][] = [];
  const direct = chosen.map(() => new Set<number>());
  for (const [t, { reads, strange, process, invoked }] of chosen.entries()) {
    sources.push([]);
    for (const { key, value } of [...reads, ...strange]) {
      const source = writerOf(key, value);
      if (source === undefined || source === t) return;
      sources[t]!.push(source);
      if (source !== INIT) direct[t]!.add(source);
    }
    if (!sessions) continue;
    for (const [other, earlier] of chosen.entries())
      if (earlier.process === process && earlier.invoked < invoked) direct[t]!.add(other);
  }
  const causal = closure(direct);
  const place = new Array<number>(chosen.length).fill(-1);
  const extend = (length: number): void => {
    if (found.size === DEFINITIONS.length) return;
    if (length === chosen.length) {
      for (const definition of DEFINITIONS)
        if (!found.has(definition) && holds(definition)) found.add(definition);
      return;
    }
    for (let t = 0; t < chosen.length; t++) {
      if (place[t]! >= 0 || [...direct[t]!].some((before) => place[before]! < 0)) continue;
      place[t] = length;
      extend(length + 1);
      place[t] = -1;
    }
  };
  extend(0);

  function holds(definition: Definition): boolean {
    if (definition === 'rc') return true;
    if (definition !== 'monotonic' && chosen.some(({ internal }) => internal)) return false;
    return chosen.every(({ reads }, reader) =>
      reads.every(({ key }, nth) => {
        const source = sources[reader]![nth]!;
        return chosen.every(({ writes }, seen) => {
          if (seen === source || seen === reader || !writes.has(key)) return true;
          const must = sees(definition, reader, nth, seen);
          return !must || (source !== INIT && place[seen]! < place[source]!);
        });
      }),
    );
  }

  function sees(definition: Definition, reader: number, nth: number, seen: number): boolean {
    const uptoThat = (other: number): boolean => other === seen || place[seen]! < place[other]!;
    if (definition === 'monotonic') return sources[reader]!.slice(0, nth).includes(seen);
    if (definition === 'atomic') return direct[reader]!.has(seen);
    if (definition === 'causal') return causal[reader]!.has(seen);
    if (definition === 'serializable') return place[seen]! < place[reader]!;
    if ([...direct[reader]!].some(uptoThat)) return true;
    if (definition === 'prefix') return false;
    return chosen.some(
      ({ writes }, other) =>
        place[other]! < place[reader]! &&
        [...chosen[reader]!.writes.keys()].some((key) => writes.has(key)) &&
        uptoThat(other),
    );
  }
}

function closure(direct: readonly ReadonlySet<number>[]): Set<number>[] {
  const all = direct.map((before) => new Set(before));
  for (let changed = true; changed; ) {
    changed = false;
    for (const before of all) {
      for (const middle of [...before])
        for (const first of all[middle]!) if (!before.has(first)) changed = before.add(first).has(first);
    }
  }
  return all;
}

function transactionsOf({ events }: History): Transaction[] {
  return operationPairs(events).flatMap(({ invocation, completion }): Transaction[] => {
    if (completion?.type === 'fail') return [];
    const certain = completion?.type === 'ok';
    const micros = (certain ? completion : invocation).value as readonly (readonly Json[])[];
    const writes = new Map<Json, Json>();
    const mine = new Set<string>();
    const reads: Read[] = [];
    const strange: Read[] = [];
    let internal = false;
    for (const [f, key, value] of micros as readonly [string, Json, Json][]) {
      if (f === 'w') {
        writes.set(key, value);
        mine.add(JSON.stringify([key, value]));
      } else if (certain && !writes.has(key)) {
        internal ||= reads.some((read) => read.key === key && read.value !== value);
        reads.push({ key, value });
      } else if (certain && writes.get(key) !== value) {
        internal = true;
        if (!mine.has(JSON.stringify([key, value]))) strange.push({ key, value });
      }
    }
    const { process, index } = invocation;
    return [{ certain, process, invoked: index, writes, reads, strange, internal }];
  });
}

import type { Json } from '../../histories/index.ts';
import { inWords } from '../shared/words.ts';
import { Phenomena } from '../transactions/phenomena.ts';
import { FAILED } from '../transactions/transaction-table.ts';
import { sameElement } from './element.ts';
import type { Evidence } from './explain-cycle.ts';
import { listInWords, microInWords } from './list-words.ts';
import { AMBIGUOUS, NOBODY } from './version-orders.ts';

/**
 * Finds reads and version orders that are wrong in themselves: `internal`, `future-read`, `G1a`, `G1b`, `dirty-update`, `lost-update`,
 * `duplicate-elements`, `incompatible-order`, `garbage-read`. Cost: linear in appends, reads and the lists of keys with trouble.
 */
export function findPhenomena(evidence: Evidence): Phenomena {
  const { table, micros, versions } = evidence;
  const found = new Phenomena(table, micros.keys, microInWords);
  const { appends, reads, keys } = micros;
  for (const { transaction, key, list, expected } of micros.internal) {
    found.add(
      'internal',
      key,
      [transaction],
      (words, x) =>
        `After what it had read and appended itself, ${words.name(transaction)} had to read ${x} = ${listInWords(expected)}, but it read ${listInWords(list)}`,
      { read: list, expected },
    );
  }
  for (let key = 0; key < keys.length; key++) {
    if (versions.readsOf.from[key] === versions.readsOf.from[key + 1]) continue;
    inOrder(key);
    if (versions.complete[key] === 0) beyondOrder(key);
    ofReads(key);
  }
  return found;

  /** What the agreed order itself shows. */
  function inOrder(key: number): void {
    const start = versions.from[key]!;
    const end = versions.from[key + 1]!;
    for (let i = start; i < end; i++) {
      const append = versions.order[i]!;
      if (append === AMBIGUOUS) continue;
      if (
        append !== NOBODY &&
        appends.previous[append]! >= 0 &&
        i - start < versions.position[appends.previous[append]!]!
      ) {
        reversed(key, append);
      }
      if (append === NOBODY) garbage(key, shortestWith(key, i - start), i - start);
      else if (table.outcome[appends.transaction[append]!] === FAILED) {
        aborted(key, append, shortestWith(key, i - start));
        for (let j = i + 1; j < end; j++) {
          const later = versions.order[j]!;
          if (later < 0 || versions.happened[appends.transaction[later]!] === 0) continue;
          dirtyUpdate(key, append, later);
          break;
        }
      }
    }
  }

  /** What only reads show that go on where others disagree. */
  function beyondOrder(key: number): void {
    const length = versions.from[key + 1]! - versions.from[key]!;
    const writerOf = versions.writersOf(key);
    const told = new Set<number>();
    const longest = versions.longest[key]!;
    for (const read of readsOfKey(key)) {
      const list = reads.list[read]!;
      if (list.length <= length) continue;
      const seen = new Map<number, number>();
      let duplicate = false;
      for (let i = 0; i < list.length; i++) {
        const append = writerOf(list[i]!);
        if (append === AMBIGUOUS) continue;
        if (append === NOBODY) {
          if (i >= length) garbage(key, read, i);
          continue;
        }
        const before = seen.get(append);
        if (before !== undefined && !duplicate) {
          duplicate = true;
          duplicated(key, read, before, i);
        }
        seen.set(append, i);
        if (i < length || told.has(append)) continue;
        if (table.outcome[appends.transaction[append]!] !== FAILED) continue;
        told.add(append);
        aborted(key, append, read);
      }
      if (read === longest || isPrefix(list, reads.list[longest]!)) continue;
      incompatible(key, read, longest);
    }
  }

  /** What each read shows by where it ends. */
  function ofReads(key: number): void {
    const length = versions.from[key + 1]! - versions.from[key]!;
    const updaters = new Map<number, number>();
    for (const read of readsOfKey(key)) {
      const seen = reads.length[read]!;
      const reader = reads.transaction[read]!;
      if (seen > length) {
        future(key, read);
        continue;
      }
      for (let own = reads.own[read]!; own > reads.ownBefore[read]!; own = appends.previous[own]!) {
        if (versions.position[own]! >= 0 && versions.position[own]! < seen) {
          futureRead(key, read, own);
          break;
        }
      }
      const last = seen === 0 ? -1 : versions.order[versions.from[key]! + seen - 1]!;
      if (last >= 0 && appends.superseded[last] === 1) {
        const writer = appends.transaction[last]!;
        if (writer !== reader && table.outcome[writer] !== FAILED) intermediate(key, read, last);
      }
      // A read, then an append: an update.
      if (reads.ownBefore[read]! >= 0 || reads.own[read]! < 0) continue;
      const other = updaters.get(seen);
      if (other === undefined) updaters.set(seen, read);
      else if (reads.transaction[other] !== reader) lostUpdate(key, other, read);
    }
  }

  /** A read that goes on where others disagree may hold what its own transaction appended later. */
  function future(key: number, read: number): void {
    const list = reads.list[read]!;
    for (let own = reads.own[read]!; own > reads.ownBefore[read]!; own = appends.previous[own]!) {
      if (versions.ambiguous[own] === 1) continue;
      const at = list.findIndex((element) => sameElement(element, appends.value[own]!));
      if (at >= 0 && at < reads.length[read]!) {
        futureRead(key, read, own);
        return;
      }
    }
  }

  function* readsOfKey(key: number): Generator<number> {
    for (let i = versions.readsOf.from[key]!; i < versions.readsOf.from[key + 1]!; i++) {
      yield versions.readsOf.items[i]!;
    }
  }

  /** The shortest read that shows the element at this place of the agreed order. */
  function shortestWith(key: number, place: number): number {
    let best = versions.longest[key]!;
    for (const read of readsOfKey(key)) {
      const { length } = reads.list[read]!;
      if (length > place && length < reads.list[best]!.length) best = read;
    }
    return best;
  }

  function garbage(key: number, read: number, place: number): void {
    const reader = reads.transaction[read]!;
    const list = reads.list[read]!;
    found.add(
      'garbage-read',
      key,
      [reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${listInWords(list)}, but nobody ever tried to append ${inWords(list[place]!)} to ${x}`,
      { value: list[place]! },
    );
  }

  function aborted(key: number, append: number, read: number): void {
    const writer = appends.transaction[append]!;
    const reader = reads.transaction[read]!;
    const value = appends.value[append]!;
    found.add(
      'G1a',
      key,
      [writer, reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${listInWords(reads.list[read]!)}, but ${inWords(value)} was appended by ${words.name(writer)}, which failed and so never happened`,
      { value },
    );
  }

  function dirtyUpdate(key: number, append: number, later: number): void {
    const [first, second] = [appends.transaction[append]!, appends.transaction[later]!];
    const witness = reads.transaction[versions.longest[key]!]!;
    found.add(
      'dirty-update',
      key,
      [first, second, witness],
      (words, x) =>
        `${words.name(witness)} read ${x} = ${listInWords(reads.list[versions.longest[key]!]!)}: ${words.name(second)} appended ${inWords(appends.value[later]!)} to a list that already held ${inWords(appends.value[append]!)} of ${words.name(first)}, which failed and so never happened`,
      { value: appends.value[append]!, next: appends.value[later]! },
    );
  }

  function intermediate(key: number, read: number, append: number): void {
    const writer = appends.transaction[append]!;
    const reader = reads.transaction[read]!;
    const value = appends.value[append]!;
    found.add(
      'G1b',
      key,
      [writer, reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${listInWords(reads.list[read]!, reads.length[read]!)}, up to ${inWords(value)} of ${words.name(writer)}, which appended more to ${x} afterwards: nobody else may see a state from the middle of it`,
      { value },
    );
  }

  function futureRead(key: number, read: number, own: number): void {
    const reader = reads.transaction[read]!;
    const value = appends.value[own]!;
    found.add(
      'future-read',
      key,
      [reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${listInWords(reads.list[read]!)}, with ${inWords(value)} in it, which it appended itself only later`,
      { value },
    );
  }

  function lostUpdate(key: number, first: number, second: number): void {
    const transactions = [reads.transaction[first]!, reads.transaction[second]!];
    found.add(
      'lost-update',
      key,
      transactions,
      (_, x) =>
        `Both read ${x} = ${listInWords(reads.list[first]!, reads.length[first]!)} and then appended to it. Whichever came second did not see what the first appended`,
      { read: reads.list[first]!.slice(0, reads.length[first]!) },
    );
  }

  function duplicated(key: number, read: number, first: number, second: number): void {
    const reader = reads.transaction[read]!;
    const value = reads.list[read]![second]!;
    found.add(
      'duplicate-elements',
      key,
      [reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${listInWords(reads.list[read]!)}, with ${inWords(value)} at places ${first + 1} and ${second + 1}, but it was appended once`,
      { value, places: [first, second] },
    );
  }

  function reversed(key: number, append: number): void {
    const read = shortestWith(key, versions.position[appends.previous[append]!]!);
    const [writer, reader] = [appends.transaction[append]!, reads.transaction[read]!];
    const values = [appends.value[appends.previous[append]!]!, appends.value[append]!] as const;
    found.add(
      'incompatible-order',
      key,
      [writer, reader],
      (words, x) =>
        `${words.name(writer)} appended ${inWords(values[0])} to ${x} before ${inWords(values[1])}, but ${words.name(reader)} read ${x} = ${listInWords(reads.list[read]!)}, with the two the other way round`,
      { appended: values },
    );
  }

  function incompatible(key: number, read: number, longest: number): void {
    const [first, second] = [reads.transaction[read]!, reads.transaction[longest]!];
    found.add(
      'incompatible-order',
      key,
      [first, second],
      (words, x) =>
        `${words.name(first)} read ${x} = ${listInWords(reads.list[read]!)}, and ${words.name(second)} read ${x} = ${listInWords(reads.list[longest]!)}: neither is the beginning of the other, so no single order of appends explains both`,
      { reads: [reads.list[read]!, reads.list[longest]!] },
    );
  }
}

function isPrefix(short: readonly Json[], long: readonly Json[]): boolean {
  return short.length <= long.length && short.every((element, i) => sameElement(element, long[i]!));
}

import type { Json } from '../../histories/index.ts';
import { int32s } from '../transactions/arrays.ts';
import { Phenomena } from '../transactions/phenomena.ts';
import { FAILED, OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { AGAIN, CHANGED, CONTRADICTS, type MicroOperations } from './micro-operations.ts';
import { microInWords, valueInWords } from './register-words.ts';
import { AMBIGUOUS, INITIAL, NOBODY, type Versions } from './versions.ts';

/** What the explanations of one history share. */
export interface Evidence {
  readonly table: TransactionTable;
  readonly micros: MicroOperations;
  readonly versions: Versions;
  readonly initial: Json;
}

/**
 * Finds reads that are wrong in themselves: `internal`, `future-read`, `G1a`, `G1b`, `dirty-update`, `garbage-read`; and `lost-update`.
 * Cost: linear in micro-operations.
 */
export function findPhenomena({ table, micros, versions, initial }: Evidence): Phenomena {
  const { writes, reads, keys, values } = micros;
  const { source, basis } = versions;
  const found = new Phenomena(table, keys, microInWords);
  for (let read = 0; read < reads.count; read++) {
    const kind = reads.kind[read]!;
    if (kind === CHANGED || kind === CONTRADICTS) internal(read, kind);
    const write = source[read]!;
    if (kind === AGAIN || write === INITIAL || write === AMBIGUOUS) continue;
    if (write === NOBODY) garbage(read);
    else if (writes.transaction[write] === reads.transaction[read]) future(read, write);
    else if (table.outcome[writes.transaction[write]!] === FAILED) aborted(read, write);
    else if (writes.final[write] === 0) intermediate(read, write);
  }
  ofUpdates();
  return found;

  function internal(read: number, kind: number): void {
    const t = reads.transaction[read]!;
    const key = reads.key[read]!;
    const value = values.valueOf(reads.code[read]!);
    const [did, expected] = kind === CONTRADICTS ? ['wrote', lastWritten(read)] : ['read', firstRead(read)];
    found.add(
      'internal',
      key,
      [t],
      (words, x) =>
        `${words.name(t)} itself ${did} ${x} = ${valueInWords(expected)} before, but then read ${x} = ${valueInWords(value)}`,
      { read: value, expected },
    );
  }

  function lastWritten(read: number): Json {
    let write = reads.before[read]! - 1;
    while (writes.key[write] !== reads.key[read]) write--;
    return values.valueOf(writes.code[write]!);
  }

  function firstRead(read: number): Json {
    let first = reads.from[reads.transaction[read]!]!;
    while (reads.key[first] !== reads.key[read]) first++;
    return values.valueOf(reads.code[first]!);
  }

  function garbage(read: number): void {
    const t = reads.transaction[read]!;
    const value = values.valueOf(reads.code[read]!);
    found.add(
      'garbage-read',
      reads.key[read]!,
      [t],
      (words, x) =>
        `${words.name(t)} read ${x} = ${valueInWords(value)}, but nobody ever tried to write ${valueInWords(value)} to ${x}, which held ${valueInWords(initial)} at first`,
      { value },
    );
  }

  function future(read: number, write: number): void {
    // A value that it had written before, and then replaced, is `internal` alone.
    if (write < reads.before[read]!) return;
    const t = reads.transaction[read]!;
    const value = values.valueOf(reads.code[read]!);
    found.add(
      'future-read',
      reads.key[read]!,
      [t],
      (words, x) => `${words.name(t)} read ${x} = ${valueInWords(value)}, which it wrote itself only later`,
      { value },
    );
  }

  function aborted(read: number, write: number): void {
    const [writer, reader] = [writes.transaction[write]!, reads.transaction[read]!];
    const value = values.valueOf(writes.code[write]!);
    found.add(
      'G1a',
      reads.key[read]!,
      [writer, reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${valueInWords(value)}, which was written by ${words.name(writer)}, which failed and so never happened`,
      { value },
    );
  }

  function intermediate(read: number, write: number): void {
    const [writer, reader] = [writes.transaction[write]!, reads.transaction[read]!];
    const value = values.valueOf(writes.code[write]!);
    found.add(
      'G1b',
      reads.key[read]!,
      [writer, reader],
      (words, x) =>
        `${words.name(reader)} read ${x} = ${valueInWords(value)} of ${words.name(writer)}, which wrote ${x} again afterwards: nobody else may see a state from the middle of it`,
      { value },
    );
  }

  /** Writes of transactions that had read the key before: what was the base of each? */
  function ofUpdates(): void {
    const byVersion = int32s(writes.count).fill(-1);
    const byKey = int32s(keys.length).fill(-1);
    for (let write = 0; write < writes.count; write++) {
      const base = basis[write]!;
      if (base === NOBODY || base === AMBIGUOUS) continue;
      const t = writes.transaction[write]!;
      const key = writes.key[write]!;
      if (base >= 0) {
        const writer = writes.transaction[base]!;
        if (table.outcome[writer] === FAILED) dirtyUpdate(key, writer, t, base, write);
        if (versions.version[base] === 0 || writer === t) continue;
      }
      const first = base >= 0 ? byVersion[base]! : byKey[key]!;
      if (first >= 0) lostUpdate(key, first, t, base);
      else if (base >= 0) byVersion[base] = t;
      else byKey[key] = t;
    }
  }

  function dirtyUpdate(key: number, first: number, second: number, base: number, write: number): void {
    if (table.outcome[second] !== OK) return;
    const [value, next] = [values.valueOf(writes.code[base]!), values.valueOf(writes.code[write]!)];
    found.add(
      'dirty-update',
      key,
      [first, second],
      (words, x) =>
        `${words.name(second)} read ${x} = ${valueInWords(value)} and then wrote ${x} = ${valueInWords(next)}: it built on what ${words.name(first)} wrote, which failed and so never happened`,
      { value, next },
    );
  }

  function lostUpdate(key: number, first: number, second: number, base: number): void {
    const value = base >= 0 ? values.valueOf(writes.code[base]!) : initial;
    found.add(
      'lost-update',
      key,
      [first, second],
      (_, x) =>
        `Both read ${x} = ${valueInWords(value)} and then wrote ${x}. Whichever came second overwrote what the first wrote without having seen it`,
      { read: value },
    );
  }
}

import { int32s } from '../../transactions/arrays.ts';
import { CONTRADICTS, FIRST } from '../micro-operations.ts';
import { type Inferred, type Run, WriteLookup } from './inferred.ts';

/**
 * Monotonic atomic view, the read committed of Biswas and Enea: what a transaction has seen of another stays seen by its later reads. From the last
 * read to the first, each with the next read of every key: of several reads of a key the first demands the order that the others need.
 * Cost: linear in the reads, each times the smaller of what its source wrote and what its transaction read (Møldrup and Pavlogiannis 2025, section 4).
 */
export function inferMonotonic(run: Run, inferred: Inferred): void {
  const { micros, versions } = run;
  const { reads, writes, keys } = micros;
  const lookup = new WriteLookup(run);
  const next = int32s(keys.length);
  const stamp = int32s(keys.length).fill(-1);
  for (let t = 0; t < run.table.count; t++) {
    const start = reads.from[t]!;
    const end = reads.from[t + 1]!;
    if (end - start < 2) continue;
    for (let read = end - 1; read >= start; read--) {
      if (reads.kind[read] === CONTRADICTS) continue;
      const source = versions.source[read]!;
      if (source >= 0 && versions.version[source] === 1 && read < end - 1) {
        const seen = writes.transaction[source]!;
        if (seen !== t) {
          const from = writes.from[seen]!;
          const to = writes.from[seen + 1]!;
          if (to - from <= end - read) {
            for (let write = from; write < to; write++) {
              const key = writes.key[write]!;
              if (versions.version[write] === 1 && stamp[key] === t) inferred.add(seen, next[key]!);
            }
          } else {
            for (let later = read + 1; later < end; later++) {
              if (next[reads.key[later]!] === later && lookup.find(seen, reads.key[later]!) >= 0)
                inferred.add(seen, later);
            }
          }
        }
      }
      stamp[reads.key[read]!] = t;
      next[reads.key[read]!] = read;
    }
  }
}

/**
 * Read atomic: who has seen anything of a transaction, or follows it in its session where sessions count, sees all of it. Of a session's
 * earlier writers of a key the last is enough. Cost: as above (Møldrup and Pavlogiannis 2025, section 4).
 */
export function inferAtomic(run: Run, withSessions: boolean, inferred: Inferred): void {
  const { micros, versions, sessions } = run;
  const { reads, writes, keys } = micros;
  const lookup = new WriteLookup(run);
  const first = int32s(keys.length);
  const stamp = int32s(keys.length).fill(-1);
  const seenBy = int32s(run.table.count).fill(-1);
  for (let t = 0; t < run.table.count; t++) {
    const start = reads.from[t]!;
    const end = reads.from[t + 1]!;
    for (let read = start; read < end; read++) {
      if (reads.kind[read] !== FIRST) continue;
      stamp[reads.key[read]!] = t;
      first[reads.key[read]!] = read;
    }
    for (let read = start; read < end; read++) {
      const source = versions.source[read]!;
      if (source < 0 || versions.version[source] === 0) continue;
      const seen = writes.transaction[source]!;
      if (seen === t || seenBy[seen] === t) continue;
      seenBy[seen] = t;
      const from = writes.from[seen]!;
      const to = writes.from[seen + 1]!;
      if (to - from <= end - start) {
        for (let write = from; write < to; write++) {
          const key = writes.key[write]!;
          if (versions.version[write] === 1 && stamp[key] === t) inferred.add(seen, first[key]!);
        }
      } else {
        for (let other = start; other < end; other++) {
          if (reads.kind[other] === FIRST && lookup.find(seen, reads.key[other]!) >= 0)
            inferred.add(seen, other);
        }
      }
    }
  }
  if (!withSessions) return;
  const lastWriter = int32s(keys.length);
  const session = int32s(keys.length).fill(-1);
  for (const t of sessions.order) {
    const mine = sessions.of[t]!;
    for (let read = reads.from[t]!; read < reads.from[t + 1]!; read++) {
      const key = reads.key[read]!;
      if (reads.kind[read] === FIRST && session[key] === mine) inferred.add(lastWriter[key]!, read);
    }
    for (let write = writes.from[t]!; write < writes.from[t + 1]!; write++) {
      if (versions.version[write] === 0) continue;
      session[writes.key[write]!] = mine;
      lastWriter[writes.key[write]!] = t;
    }
  }
}

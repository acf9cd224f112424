import fc, { type Arbitrary } from 'fast-check';
import type { History } from '../../../histories/index.ts';
import { registerTransactions } from './notation.ts';

const KEYS = ['x', 'y', 'z'];

/** Writes of one key each, or of several, and reads of several keys. Reads see prefixes of the order of the writes, but for a few changes. */
export function snapshotHistories({
  versions,
  several,
  changes,
}: {
  readonly versions: 'once' | 'ascending';
  /** Writers may write several keys. */
  readonly several: boolean;
  /** Most single values that are changed in reads. */
  readonly changes: number;
}): Arbitrary<History> {
  const writer = fc.record({
    keys: fc.subarray(KEYS, { minLength: 1, maxLength: several ? 2 : 1 }),
    fate: fc.constantFrom('', '', '', 'info', 'info', 'fail'),
    /** Of an indeterminate one. */
    happens: fc.boolean(),
  });
  return fc
    .record({
      writers: fc.array(writer, { minLength: 1, maxLength: 5 }),
      reads: fc.array(
        fc.record({ keys: fc.subarray(KEYS, { minLength: 1 }), at: fc.integer({ min: 0, max: 5 }) }),
        { minLength: 1, maxLength: 5 },
      ),
      changed: fc.array(
        fc.record({ read: fc.nat({ max: 4 }), key: fc.nat({ max: 2 }), value: fc.nat({ max: 4 }) }),
        { maxLength: changes },
      ),
    })
    .map(({ writers, reads, changed }) => {
      const state = new Map<string, number>();
      const states: ReadonlyMap<string, number>[] = [new Map()];
      const counts = new Map<string, number>();
      const lines: string[] = [];
      for (const { keys, fate, happens } of writers) {
        const fresh = keys.filter((key) => versions === 'ascending' || !counts.has(key));
        if (fresh.length === 0) continue;
        const micros = fresh.map((key) => {
          if (fate !== 'fail' || versions === 'ascending') counts.set(key, (counts.get(key) ?? 0) + 1);
          const value = fate === 'fail' && versions === 'once' ? 4 : counts.get(key)!;
          if (fate === '' || (fate === 'info' && happens)) state.set(key, value);
          return `w${key}${value}`;
        });
        lines.push(`${lines.length} ${micros.join('')} 0..10 ${fate}`);
        states.push(new Map(state));
      }
      const shown = reads.map(({ keys, at }) => {
        const seen = states[at % states.length]!;
        return keys.map((key): [string, number | undefined] => [key, seen.get(key)]);
      });
      for (const { read, key, value } of changed) {
        const row = shown[read % shown.length]!;
        row[key % row.length]![1] = value === 0 ? undefined : value;
      }
      for (const row of shown)
        lines.push(`${lines.length} ${row.map(([key, value]) => `r${key}${value ?? ''}`).join('')} 0..10`);
      return registerTransactions(lines.join('\n'));
    });
}

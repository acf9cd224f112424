import fc from 'fast-check';
import type { History } from '../../../histories/index.ts';
import { run } from '../../testing/run.ts';

interface Insertion {
  readonly key: number;
  readonly fate: string;
}

const insert = fc.record({
  key: fc.nat({ max: 2 }),
  fate: fc.constantFrom('', '', 'info', 'info', 'fail'),
});
/** Inserts of few keys, all at once. */
export const insertions: fc.Arbitrary<readonly Insertion[]> = fc.array(insert, {
  minLength: 1,
  maxLength: 6,
});

export function insertHistory(inserts: readonly Insertion[]): History {
  const lines = inserts.map(({ key, fate }, i) => `${i} insert ${key}=[${i},null] 0..10 ${fate}`.trim());
  return run(lines.join('\n'));
}

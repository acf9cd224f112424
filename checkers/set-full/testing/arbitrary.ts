import type { Json, Operation } from '../../../histories/index.ts';
import { type ObjectCall, objectExecutions, withChanges } from '../../testing/objects.ts';

export const setHistories = (span: number, last: readonly ObjectCall[] = [], elements = 5, threads = 4) =>
  objectExecutions<readonly number[]>({
    calls: (draw) =>
      draw % 2 === 0 ? { f: 'add', value: Math.floor(draw / 2) % elements } : { f: 'read', value: null },
    initial: [],
    threads,
    steps: 9,
    span,
    last,
    model: (state, { f, value }) => {
      if (f === 'read') return { state, value: state };
      return { state: state.includes(value as number) ? state : [...state, value as number], value };
    },
  });

export const FINAL: readonly ObjectCall[] = [{ f: 'read', value: null }];

/** A read that has one element more, or less, or twice. */
export function misreadSet({ f, value }: Operation, draw: number): Json | undefined {
  if (f !== 'read') return undefined;
  const list = value as readonly number[];
  const place = draw % (list.length + 1);
  if (draw % 16 === 0) return [...list, ...list.slice(0, 1)];
  if (draw % 2 === 0) return list.filter((_, at) => at !== place);
  return list.includes(draw % 6) ? list.filter((item) => item !== draw % 6) : [...list, draw % 6];
}

/** Any of the sets of 0, 1 and 2. */
function guessed({ f }: Operation, draw: number): Json | undefined {
  return f === 'read' ? [0, 1, 2].filter((element) => draw & (1 << element)) : undefined;
}

/** Much at once, few elements, all reads guessed: contradictions between reads are common. */
export const tornSetHistories = withChanges(setHistories(60, [], 3, 8), 8, guessed);

import type { Json, Operation } from '../../../histories/index.ts';
import { type ObjectCall, objectExecutions } from '../../testing/objects.ts';

export const queueHistories = objectExecutions<readonly number[]>({
  calls: (draw): ObjectCall =>
    draw % 7 === 0
      ? { f: 'drain', value: null }
      : draw % 7 < 4
        ? { f: 'enqueue', value: Math.floor(draw / 7) % 4 }
        : { f: 'dequeue', value: null },
  initial: [],
  threads: 4,
  steps: 10,
  model: (state, { f, value }) => {
    if (f === 'enqueue') return { state: [...state, value as number], value };
    if (f === 'drain') return { state: [], value: state };
    return state.length === 0 ? { state, value: null } : { state: state.slice(1), value: state[0]! };
  },
});

/** Something else comes out, or more, or less. */
export function misdelivered({ f, value }: Operation, draw: number): Json | undefined {
  if (f === 'enqueue') return undefined;
  if (f === 'dequeue') return draw % 3 === 0 ? null : draw % 5;
  const list = value as readonly number[];
  return draw % 3 === 0 ? list.slice(1) : [...list, draw % 5];
}

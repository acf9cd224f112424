import fc from 'fast-check';
import type { Json, Operation } from '../../../histories/index.ts';
import { type ObjectCall, objectExecutions } from '../../testing/objects.ts';

/** Counters that only grow, and others; much at once, or little. */
const histories = (least: number, span: number) =>
  objectExecutions<number>({
    calls: (draw): ObjectCall =>
      draw % 2 === 0 ? { f: 'add', value: least + (Math.floor(draw / 2) % 5) } : { f: 'read', value: null },
    initial: 0,
    threads: 4,
    steps: 9,
    span,
    model: (state, { f, value }) =>
      f === 'read' ? { state, value: state } : { state: state + (value as number), value },
  });

export const counterHistories = fc.oneof(
  histories(0, 6),
  histories(-2, 6),
  histories(0, 30),
  histories(-2, 30),
);

/** A read of a number near to the right one. */
export function misread({ f, value }: Operation, draw: number): Json | undefined {
  return f === 'read' ? (value as number) + (draw % 7) - 3 : undefined;
}

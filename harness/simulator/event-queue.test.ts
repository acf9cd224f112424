import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, EventQueue } from './event-queue.ts';

interface Numbered extends Action {
  readonly number: number;
}

/** What the queue promises, the slow way: a sorted array. */
class SortedArray {
  private readonly entries: { time: number; number: number }[] = [];
  push(time: number, number: number): void {
    this.entries.push({ time, number });
    this.entries.sort((a, b) => a.time - b.time || a.number - b.number);
  }
  pop() {
    return this.entries.shift();
  }
  get size(): number {
    return this.entries.length;
  }
  peekTime(): number {
    return this.entries[0]?.time ?? Number.POSITIVE_INFINITY;
  }
}

const event = (number: number): Numbered => ({ number, fire() {} });

describe('the event queue', () => {
  it('agrees with a sorted array, whatever comes and goes', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.nat(20).map((time) => ({ push: time })) },
      { weight: 2, arbitrary: fc.constant({ push: undefined }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new EventQueue();
        const reference = new SortedArray();
        let number = 0;
        for (const { push } of steps) {
          if (push !== undefined) {
            queue.push(push, number * 3, -number, event(number));
            reference.push(push, number++);
          } else {
            const expected = reference.pop();
            if (expected === undefined) continue;
            const action = queue.pop() as Numbered;
            const { time, label, content } = queue;
            expect({ time, number: action.number, label, content }).toEqual({
              ...expected,
              label: expected.number * 3,
              content: 0 - expected.number,
            });
          }
          expect(queue.size).toBe(reference.size);
          expect(queue.peekTime()).toBe(reference.peekTime());
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('lets events of one instant leave in the order they came, beyond its first capacity', () => {
    const queue = new EventQueue();
    const numbers: number[] = [];
    for (let number = 0; number < 5000; number++) queue.push(7, 0, 0, event(number));
    while (queue.size > 0) numbers.push((queue.pop() as Numbered).number);
    expect(numbers).toEqual(Array.from({ length: 5000 }, (_, number) => number));
  });

  it('has the next time at infinity when it is empty', () => {
    expect(new EventQueue().peekTime()).toBe(Number.POSITIVE_INFINITY);
  });
});

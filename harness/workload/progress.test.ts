import { expect, it } from 'vitest';
import type { Generator } from '../contract/index.ts';
import { generate, once } from './index.ts';
import { Progress } from './progress.ts';
import { read, seededDraws } from './testing/lines.ts';

it('refuses an operation for a thread that is not free', () => {
  const generator = generate(() => ({ ...read, ...{ thread: 1 } }));
  const progress = new Progress(generator, 2, seededDraws());
  expect(() => progress.ask(0, [0])).toThrow(
    'generator: expected an operation for one of the free threads [0], got read for 1',
  );
});

it('refuses a generator that waits for the past for ever', () => {
  const stuck: Generator = { next: () => ({ wait: 0, rest: stuck }), update: () => stuck };
  expect(() => new Progress(stuck, 1, seededDraws()).ask(5, [0])).toThrow(
    'generator: expected an operation or a time to come, got 1000 times one not after 5',
  );
});

it('asks again when an operation is for later', () => {
  const progress = new Progress(once({ ...read, ...{ time: 7 } }), 1, seededDraws());
  expect(progress.ask(0, [0])).toEqual({ wait: 7 });
  expect(progress.ask(7, [0])).toEqual({ start: read, thread: 0, nth: 0 });
  expect(progress.ask(7, [])).toBeUndefined();
});

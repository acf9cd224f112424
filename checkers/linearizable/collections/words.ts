import type { HistoryEvent, Json, OperationPair } from '../../../histories/index.ts';
import type { Anomaly } from '../../checker.ts';
import { describeOperation, indicesOf, inWords, list } from '../../shared/words.ts';
import { asData, pairOf } from '../explanation.ts';
import type { KeyCalls } from '../preparation.ts';
import type { Violation } from './lifetimes.ts';

/** A violation in words, with the operations that prove it. */
export function describeViolation(
  calls: KeyCalls,
  violation: Violation,
  events: readonly HistoryEvent[],
): Anomaly {
  const pair = (n: number): OperationPair => pairOf(calls, n, events);
  const nameOf = (n: number): string => {
    const { value, result } = calls.call(n);
    return inWords(value ?? result ?? null);
  };
  const described = (n: number): string => describeOperation(pair(n));
  const subject = calls.key === undefined ? '' : ` of ${calls.key}`;
  const { sentences, operations } = tell(violation, { nameOf, described, subject });
  const pairs = operations.filter((n) => n >= 0).map(pair);
  return {
    name: 'nonlinearizable',
    ...(calls.key === undefined ? {} : { key: calls.key }),
    explanation: sentences.join(' '),
    operations: indicesOf(pairs),
    data: { pattern: violation.kind, operations: pairs.map(asData) as readonly Json[] },
  };
}

interface Words {
  nameOf(n: number): string;
  described(n: number): string;
  readonly subject: string;
}

function tell(violation: Violation, words: Words): { sentences: string[]; operations: number[] } {
  const { nameOf, described, subject } = words;
  switch (violation.kind) {
    case 'nowhere': {
      const { removal, insertion } = violation;
      const why =
        insertion < 0
          ? 'nobody put it in'
          : `it was put in only after that was over (${described(insertion)})`;
      const sentence = `The value ${nameOf(removal)}${subject} was taken out (${described(removal)}), but ${why}.`;
      return { sentences: [sentence], operations: [removal, insertion] };
    }
    case 'twice': {
      const { insertion, removals } = violation;
      const put = insertion < 0 ? 'nobody put it in' : `it was put in once (${described(insertion)})`;
      const sentence = `The value ${nameOf(removals[0])}${subject} was taken out twice (${removals.map(described).join('; ')}), but ${put}.`;
      return { sentences: [sentence], operations: [insertion, ...removals] };
    }
    case 'order': {
      const { insertion, removal, laterInsertion, earlierRemoval } = violation;
      const [first, second] = [nameOf(insertion), nameOf(laterInsertion)];
      return {
        sentences: [
          `The value ${first}${subject} was put in before ${second} was: ${described(insertion)} was over when ${described(laterInsertion)} began.`,
          `But ${second} was taken out before: when ${described(earlierRemoval)} was over, ${first} was still there: ${whyThere(removal, words)}.`,
        ],
        operations: [insertion, laterInsertion, earlierRemoval, removal],
      };
    }
    case 'never-empty': {
      const { empty, chain } = violation;
      const there = chain.map(
        ([put, took]) => `${nameOf(put)} from the end of ${described(put)} until ${untilWhen(took, words)}`,
      );
      return {
        sentences: [
          `It was found empty${subject} (${described(empty)}), but at no moment of that was it: there was ${list(there)}.`,
        ],
        operations: [empty, ...chain.flat()],
      };
    }
    case 'no-bottom': {
      const { values } = violation;
      const there = values.map(
        ([put, took]) => `${nameOf(put)} from the end of ${described(put)} until ${untilWhen(took, words)}`,
      );
      return {
        sentences: [
          `These values${subject} followed each other without a moment at which the stack was empty: ${list(there)}.`,
          'So one of them lay at the bottom all the time, pushed before and popped after all the others. But the push of each began after another one had been pushed, or its pop was over before the pop of another one began.',
        ],
        operations: values.flat(),
      };
    }
  }
}

function untilWhen(removal: number, { described }: Words): string {
  return removal < 0 ? 'the end' : `the beginning of ${described(removal)}`;
}

function whyThere(removal: number, { described }: Words): string {
  return removal < 0 ? 'nobody ever took it' : `${described(removal)} began only then`;
}

import fc, { type Arbitrary } from 'fast-check';
import type { History } from '../../histories/index.ts';
import { Choices, type Draft, historyOf } from './service-histories.ts';

const COMBINATIONS = 4 * 5 * 5 * 5 * 3 * 3;
const BLOCKS = 4;

/** Prompts of three clients; of most answers it is told how much was cached, and when tokens came. */
export const streamHistories: Arbitrary<History> = fc
  .array(fc.nat({ max: COMBINATIONS - 1 }), { maxLength: 10, size: 'max' })
  .map((numbers) => {
    let time = 0;
    return historyOf(
      numbers.flatMap((number): Draft[] => {
        const choices = new Choices(number);
        const says = choices.take(true, true, true, false);
        const stream = {
          cached: choices.take(0, 1, 2, 3, BLOCKS),
          blocks: BLOCKS,
          firstToken: choices.take(1e6, 2e6, 3e6, 5e6, 9e6),
          gap: choices.take(0, 1e6, 2e6, 4e6, 8e6),
        };
        const process = choices.take(0, 1, 2);
        const type = choices.take('ok', 'ok', 'fail');
        const asked = { process, f: 'generate' };
        time += 10;
        return [
          { time, event: { ...asked, type: 'invoke', value: null } },
          { time: time + 9, event: { ...asked, type, value: says ? stream : null } },
        ];
      }),
    );
  });

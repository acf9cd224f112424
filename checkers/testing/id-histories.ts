import fc from 'fast-check';
import type { History, HistoryEvent, Json } from '../../histories/index.ts';

/** What was given to whom, all kinds of values, few of them; and the same as a history. */
export const idHistories = fc.array(fc.nat(2 ** 20), { minLength: 2, maxLength: 8 }).map((drawn) => {
  const given = drawn.map((draw) => ({
    key: draw & 1 ? 'x' : 'y',
    type: draw & 6 ? 'ok' : 'info',
    value: [1, '1', [1], { a: 1, b: 2 }, { b: 2, a: 1 }, null, true, 'true', 2, 3, 4, 5][
      (draw >> 3) % 12
    ] as Json,
  }));
  const events = given.flatMap(({ key, type, value }, process) =>
    ['invoke', type].map((kind) => ({
      process,
      type: kind,
      f: 'generate',
      key,
      value: kind === 'ok' ? value : null,
    })),
  );
  const history: History = {
    header: { sixways: 1, world: 'imported' },
    events: events.map((event, index) => ({ index, time: index, ...event }) as HistoryEvent),
  };
  return { given, history };
});

import fc from 'fast-check';
import type { History, HistoryEvent } from '../../histories/index.ts';

/** Three hosts that note terms in which they lead, and the same as a history. */
export const claimHistories = fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 6 }).map((drawn) => {
  const claims = drawn.map((draw) => ({ host: `n${draw % 3}`, term: (draw >> 4) % 8 }));
  const events = claims.map(
    ({ host, term }, index) =>
      ({ index, time: index, type: 'note', host, kind: 'leader', data: { term } }) as HistoryEvent,
  );
  const history: History = { header: { sixways: 1, world: 'simulator' }, events };
  return { claims, history };
});

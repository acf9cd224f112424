import fc, { type Arbitrary } from 'fast-check';
import type { History, HistoryEvent, Json } from '../../../histories/index.ts';

/** Banks in which transfers happen at once, or not, whatever their outcome says; some balances that were read are changed. */
export const bankHistories: Arbitrary<History> = fc
  .record({
    steps: fc.array(
      fc.record({
        read: fc.boolean(),
        from: fc.nat({ max: 2 }),
        to: fc.nat({ max: 2 }),
        amount: fc.integer({ min: 1, max: 3 }),
        fate: fc.constantFrom('ok', 'ok', 'info', 'fail'),
        happens: fc.boolean(),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    changed: fc.array(
      fc.record({ nth: fc.nat({ max: 9 }), account: fc.nat({ max: 2 }), by: fc.constantFrom(-1, 1, 2) }),
      {
        maxLength: 3,
      },
    ),
  })
  .map(({ steps, changed }) => {
    const balances = [2, 2, 1];
    const reads: { [account: string]: number }[] = [];
    const operations = steps.map(({ read, from, to, amount, fate, happens }) => {
      if (read) {
        const shown = Object.fromEntries(balances.map((balance, account) => [account, balance]));
        reads.push(shown);
        return { f: 'read', type: 'ok', value: shown as Json };
      }
      const possible = balances[from]! >= amount;
      if (possible && (fate === 'ok' || (fate === 'info' && happens))) {
        balances[from]! -= amount;
        balances[to]! += amount;
      }
      return { f: 'transfer', type: possible ? fate : 'fail', value: { from, to, amount } as Json };
    });
    for (const { nth, account, by } of changed) {
      const read = reads[nth % Math.max(1, reads.length)];
      if (read !== undefined) read[account]! += by;
    }
    const events = operations.flatMap(({ f, type, value }, process) =>
      [
        { f, type: 'invoke', value: f === 'read' ? null : value },
        { f, type, value },
      ].map((event) => ({ ...event, process })),
    );
    return {
      header: { sixways: 1, world: 'imported' },
      events: events.map((event, index) => ({ index, time: index, ...event }) as HistoryEvent),
    };
  });

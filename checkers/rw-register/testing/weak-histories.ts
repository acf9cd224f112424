import fc from 'fast-check';
import type { History, HistoryEvent, Json } from '../../../histories/index.ts';

/**
 * Transactions of a few processes over three registers, where each read returns some value that another transaction wrote last to the key, mostly one
 * of the latest before its turn, sometimes a later one. Nearly every level of isolation is kept by some and broken by others.
 */
export function weakHistories(size: number): fc.Arbitrary<History> {
  const micro = fc.record({
    write: fc.boolean(),
    key: fc.constantFrom('x', 'y', 'z'),
    back: fc.constantFrom(0, 0, 0, 1, 1, 2, 3, -1, -1),
  });
  const transaction = fc.record({
    process: fc.nat(2),
    micros: fc.array(micro, { minLength: 1, maxLength: 4 }),
    unsure: fc.constantFrom(false, false, false, false, true),
  });
  return fc.array(transaction, { minLength: 2, maxLength: size }).map((drafts) => {
    let value = 0;
    const written = drafts.map(({ micros }) => micros.map(({ write }) => (write ? ++value : 0)));
    const lastOf = (turn: number, key: string): number => {
      const { micros } = drafts[turn]!;
      const at = micros.findLastIndex((each) => each.write && each.key === key);
      return at < 0 ? 0 : written[turn]![at]!;
    };
    const events: HistoryEvent[] = [];
    const processes = [0, 1, 2];
    for (const [turn, { process: session, micros, unsure }] of drafts.entries()) {
      const mine = new Map<string, number>();
      const value: Json[] = micros.map(({ write, key, back }, at) => {
        if (write) {
          mine.set(key, written[turn]![at]!);
          return ['w', key, written[turn]![at]!];
        }
        const own = mine.get(key);
        if (own !== undefined) return ['r', key, own];
        const turns =
          back < 0 ? drafts.map((_, i) => i).filter((i) => i > turn) : [...drafts.keys()].slice(0, turn);
        const values = [null, ...turns.map((i) => lastOf(i, key)).filter((v) => v > 0)];
        return ['r', key, values[Math.max(0, values.length - 1 - Math.max(0, back))]!];
      });
      const unread: Json[] = (value as [string, string, Json][]).map(([f, key, v]) => [
        f,
        key,
        f === 'r' ? null : v,
      ]);
      const common = { process: processes[session]!, f: 'txn' };
      const push = (type: 'invoke' | 'ok' | 'info', told: Json): void => {
        events.push({ index: events.length, time: events.length, ...common, type, value: told });
      };
      push('invoke', unread);
      push(unsure ? 'info' : 'ok', unsure ? unread : value);
      if (unsure) processes[session] = Math.max(...processes) + 1;
    }
    return {
      header: { sixways: 1, world: 'simulator' },
      events,
      footer: { events: events.length, content: '' },
    };
  });
}

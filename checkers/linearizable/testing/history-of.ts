import type { History, HistoryEvent, Json, Operation } from '../../../histories/index.ts';
import { NEVER } from '../model.ts';
import type { PlacedCall } from '../preparation.ts';

/** The calls as a recorded history of one key, each by a process of its own. */
export function historyOf(placed: readonly PlacedCall[], key?: string): History {
  const marks = placed.flatMap(({ invoked, returned }, n) => [
    { at: invoked, n, ends: false },
    ...(returned === NEVER ? [] : [{ at: returned, n, ends: true }]),
  ]);
  marks.sort((a, b) => a.at - b.at);
  const events = marks.map(({ n, ends }, index): HistoryEvent => {
    const { f, value, result, outcome } = placed[n]!.call;
    const common = { index, time: index, process: n, f, ...(key !== undefined && { key }) };
    if (!ends) return { ...common, type: 'invoke', value } satisfies Operation;
    const answer: Json = result === undefined ? value : result;
    return { ...common, type: outcome, value: answer } satisfies Operation;
  });
  return { header: { sixways: 1, world: 'imported' }, events };
}

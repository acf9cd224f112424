import type { Reports } from '../shared/reports.ts';
import { endOfPair } from '../shared/structures.ts';
import { describeOperation, indicesOf, inWords, ofKey } from '../shared/words.ts';
import type { Conversation, Reading } from './conversation.ts';

/** At the end every device shows every acknowledged message. */
export function judgeEnd(
  { key, messages }: Conversation,
  final: readonly Reading[],
  judged: { readonly losses: boolean; readonly divergence: boolean },
  reports: Reports,
): void {
  const common = key === undefined ? {} : { key };
  const shown = final.map((reading) => new Set(reading.shown));
  messages.forEach(({ value, send }, message) => {
    if (send === undefined) return;
    const without = final.find(
      ({ pair }, nth) => endOfPair(send) < pair.invocation.index && !shown[nth]!.has(message),
    );
    if (without === undefined) return;
    const withIt = final.find((_, nth) => shown[nth]!.has(message));
    const what = `${inWords(value)}${ofKey(key)} was sent and acknowledged (${describeOperation(send)})`;
    if (withIt === undefined && judged.losses) {
      reports.add('lost', () => ({
        ...common,
        explanation: `${what}. But in the end ${describeOperation(without.pair)} does not show it, nor does any other: it is lost.`,
        operations: indicesOf([send, without.pair]),
      }));
    }
    if (withIt !== undefined && judged.divergence) {
      reports.add('diverged', () => ({
        ...common,
        explanation: `${what}. In the end ${describeOperation(withIt.pair)} shows it, but ${describeOperation(without.pair)} does not.`,
        operations: indicesOf([send, withIt.pair, without.pair]),
      }));
    }
  });
}

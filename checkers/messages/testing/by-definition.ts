import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

const ok = ({ completion }: OperationPair) => completion?.type === 'ok';
const end = ({ completion }: OperationPair) => completion?.index ?? Number.POSITIVE_INFINITY;
const deviceOf = ({ invocation, completion }: OperationPair) =>
  completion?.node ?? `process ${invocation.process}`;
const before = (a: OperationPair, b: OperationPair) => ok(a) && end(a) < b.invocation.index;

/** The promises as they are written down, each for every pair of operations, for one conversation. */
export function keepsPromises(history: History): boolean {
  const pairs = operationPairs(history.events);
  const sends = pairs.filter(({ invocation }) => invocation.f === 'send');
  const reads = pairs.filter((pair) => pair.invocation.f === 'read' && ok(pair));
  const shownBy = (read: OperationPair) => read.completion!.value as readonly Json[];
  const isSame = (a: OperationPair, b: OperationPair) => deviceOf(a) === deviceOf(b);
  /** All that was sent by the device or shown to it before. */
  const causes = (send: OperationPair): Json[] =>
    ok(send)
      ? [
          ...sends
            .filter((other) => before(other, send) && isSame(other, send))
            .map(({ invocation }) => invocation.value),
          ...reads.filter((read) => before(read, send) && isSame(read, send)).flatMap(shownBy),
        ]
      : [];
  const final = reads.filter(({ invocation }) => invocation.phase === 'final');
  const longest = final.reduce((a, b) => (shownBy(b).length > shownBy(a).length ? b : a));
  return reads.every((read) => {
    const shown = shownBy(read);
    if (new Set(shown).size < shown.length) return false;
    const possible = shown.every((value) =>
      sends.some(
        (send) =>
          send.invocation.value === value &&
          send.completion?.type !== 'fail' &&
          send.invocation.index < read.completion!.index,
      ),
    );
    const caused = shown.every((value, at) => {
      const send = sends.find(({ invocation }) => invocation.value === value);
      return (
        send === undefined ||
        causes(send).every((cause) => cause === value || shown.slice(0, at).includes(cause))
      );
    });
    const own = sends.every(
      (send) => !before(send, read) || !isSame(send, read) || shown.includes(send.invocation.value),
    );
    const kept = reads.every(
      (other) =>
        !before(other, read) ||
        !isSame(other, read) ||
        shownBy(other).every((value) => shown.includes(value)),
    );
    const order = shownBy(longest);
    const ordered = shown.every((a, i) =>
      shown
        .slice(i + 1)
        .every((b) => !order.includes(a) || !order.includes(b) || order.indexOf(a) < order.indexOf(b)),
    );
    const complete =
      !final.includes(read) ||
      sends.every((send) => !before(send, read) || shown.includes(send.invocation.value));
    return possible && caused && own && kept && ordered && complete;
  });
}

import type { OperationPair } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { describeOperation, indicesOf, inWords, list, plural } from '../shared/words.ts';
import { type Log, valuesAt } from './logs.ts';
import type { Loss } from './losses.ts';
import type { Misstep } from './positions.ts';
import type { Wrong } from './values.ts';

type Explained = Omit<Anomaly, 'name'>;

export function explainWrong(wrong: Wrong): Explained {
  const { log } = wrong;
  const key = { key: log.key };
  if (wrong.name === 'inconsistent-offsets') {
    const { offset, sights } = wrong;
    const seen = sights.map(
      ({ operation, what }) => `${inWords(what.value)} by ${described(operation.pair)}`,
    );
    return {
      ...key,
      explanation: `Offset ${offset} of ${log.key} holds more than one value: ${list(seen)}.`,
      operations: indicesOf(sights.map(({ operation }) => operation.pair)),
      data: { offset, values: sights.map(({ what }) => what.value) },
    };
  }
  if (wrong.name === 'duplicate') {
    const { sights, offsets } = wrong;
    const value = sights[0]!.what.value;
    const seen = sights.map(({ operation }, at) => `${offsets[at]} (${described(operation.pair)})`);
    return {
      ...key,
      explanation: `${inWords(value)} is in the log of ${log.key} more often than it was sent, at the offsets ${list(seen)}.`,
      operations: indicesOf(sights.map(({ operation }) => operation.pair)),
      data: { value, offsets: [...offsets] },
    };
  }
  const { operation, what } = wrong.read;
  const value = inWords(what.value);
  const reader = described(operation.pair);
  if (wrong.name === 'garbage-read') {
    return {
      ...key,
      explanation: `${reader} polled ${value} from ${log.key}, but nobody ever tried to send it there.`,
      operations: indicesOf([operation.pair]),
      data: { value: what.value },
    };
  }
  const sender = described(wrong.sender.operation.pair);
  const why = {
    'aborted-read': `but all who sent it certainly failed, such as ${sender}`,
    'future-read': `but nobody had sent it yet; the first to do so was ${sender}`,
    'precommitted-read': 'which it had sent itself and could not have committed yet',
  }[wrong.name];
  return {
    ...key,
    explanation: `${reader} polled ${value} from ${log.key}, ${why}.`,
    operations: indicesOf([wrong.sender.operation.pair, operation.pair]),
    data: { value: what.value },
  };
}

export function explainStep({ name, log, from, to, skipped }: Misstep): Explained {
  const who = `process ${to.operation.pair.invocation.process}`;
  const isSend = name.endsWith('send');
  const went = `${isSend ? 'sent to' : 'polled'} offset ${from.offset} of ${log.key} and then ${to.offset}`;
  const where =
    from.operation === to.operation
      ? `Within one operation ${who} ${went}: ${described(to.operation.pair)}.`
      : `Process ${to.operation.pair.invocation.process} ${went}: ${described(from.operation.pair)}, and next ${described(to.operation.pair)}.`;
  const inBetween = skipped.map((offset) => `${list(valuesAt(log, offset).map(inWords))} at ${offset}`);
  const proof = skipped
    .slice(0, 4)
    .map((offset) => [...log.entries.get(offset)!.values()][0]!.operation.pair);
  const why = name.endsWith('skip')
    ? skipped.length === 0
      ? 'It skipped offsets, and gaps are not allowed.'
      : `It skipped ${plural(skipped.length, 'message')}: ${list(inBetween, 4)}.`
    : isSend
      ? 'What is sent later belongs further back in the log.'
      : 'A consumer goes forward, and was not moved.';
  return {
    key: log.key,
    explanation: `${where} ${why}`,
    operations: indicesOf([from.operation.pair, to.operation.pair, ...proof]),
    data: { from: from.offset, to: to.offset, skipped: skipped.length },
  };
}

export function explainLoss({ log, sent, jump }: Loss): Explained {
  const { operation, what } = sent;
  const passed = jump?.to.operation ?? log.highest?.operation;
  const offset = jump?.to.offset ?? log.highest?.what.offset ?? 0;
  return {
    key: log.key,
    explanation: `${inWords(what.value)} was sent to ${log.key} at offset ${what.offset} (${described(operation.pair)}), and nobody polled it, although ${passed === undefined ? 'others' : described(passed.pair)} got to offset ${offset}${jump === undefined ? ' and all consumers begin at the beginning' : `, by a consumer that had been at ${jump.from.offset} before`}. It is lost.`,
    operations: indicesOf([
      operation.pair,
      ...(passed === undefined ? [] : [passed.pair]),
      ...(jump === undefined ? [] : [jump.from.operation.pair]),
    ]),
    data: { value: what.value, offset: what.offset ?? null },
  };
}

/** What was never polled in one log, where all should have been. */
export function explainUnseen(log: Log, sights: readonly Loss['sent'][]): Explained {
  const first = sights[0]!;
  return {
    key: log.key,
    explanation: `${plural(sights.length, 'acknowledged message')} of ${log.key} ${sights.length === 1 ? 'was' : 'were'} never polled: ${list(sights.map(({ what }) => inWords(what.value)))}; the first was sent by ${described(first.operation.pair)}.`,
    operations: indicesOf(sights.slice(0, 32).map(({ operation }) => operation.pair)),
    data: { count: sights.length, values: sights.slice(0, 32).map(({ what }) => what.value) },
  };
}

/** With what it returned, where that is known: offsets and what was polled are in there. */
function described({ invocation, completion }: OperationPair): string {
  const value = completion?.type === 'ok' ? completion.value : invocation.value;
  return describeOperation({ invocation: { ...invocation, value }, ...(completion && { completion }) });
}

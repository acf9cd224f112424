import { type History, type Json, operationPairs } from '../../../histories/index.ts';

interface Message {
  readonly key: string;
  readonly value: string;
  readonly offset: number | undefined;
  readonly batch: number;
}

/**
 * The definitions of the anomalies, message by message and pair by pair, counted by name. For consumers that assign or do nothing, and offsets
 * that may have gaps.
 */
export function anomaliesByDefinition(history: History): { [name: string]: number } {
  const counts: { [name: string]: number } = {};
  const count = (name: string, times = 1) => {
    if (times > 0) counts[name] = (counts[name] ?? 0) + times;
  };
  const operations = operationPairs(history.events).map(({ invocation, completion }) => {
    const type = completion?.type ?? 'info';
    const asked = invocation.f === 'assign' ? [] : (invocation.value as Json[][]);
    const told = type === 'ok' ? (completion?.value as Json[][]) : undefined;
    const sends = asked.flatMap((micro, at): Message[] => {
      if (micro[0] !== 'send') return [];
      const result = told?.[at]?.[2];
      const offset = Array.isArray(result) ? (result[0] as number) : undefined;
      return [{ key: micro[1] as string, value: JSON.stringify(micro[2]), offset, batch: at }];
    });
    const polls = (invocation.f === 'assign' ? [] : (told ?? [])).flatMap((micro, batch): Message[] =>
      micro[0] !== 'poll'
        ? []
        : Object.entries(micro[1] as { [key: string]: [number, Json][] }).flatMap(([key, messages]) =>
            messages.map(([offset, value]) => ({ key, value: JSON.stringify(value), offset, batch })),
          ),
    );
    const hasPoll = asked.some(([name]) => name === 'poll');
    return { invocation, type, sends, polls, hasPoll, end: completion?.index ?? Number.POSITIVE_INFINITY };
  });
  const keys = new Set(operations.flatMap(({ sends, polls }) => [...sends, ...polls].map(({ key }) => key)));
  const blind = operations.some(({ type, hasPoll }) => type === 'info' && hasPoll);
  for (const key of keys) {
    const of = (messages: readonly Message[]) => messages.filter((message) => message.key === key);
    const tried = operations.flatMap((operation) =>
      of(operation.sends).map((message) => ({ ...message, operation })),
    );
    const polled = operations.flatMap((operation) =>
      of(operation.polls).map((message) => ({ ...message, operation })),
    );
    const entries = [...tried.filter(({ operation }) => operation.type === 'ok'), ...polled];
    for (const value of new Set(polled.map((message) => message.value))) {
      const senders = tried.filter((message) => message.value === value);
      const possible = senders.filter(({ operation }) => operation.type !== 'fail');
      const first = Math.min(
        ...polled.filter((message) => message.value === value).map(({ operation }) => operation.end),
      );
      if (senders.length === 0) count('garbage-read');
      else if (possible.length === 0) count('aborted-read');
      else if (possible.every(({ operation }) => operation.invocation.index > first)) count('future-read');
    }
    const offsets = [...new Set(entries.flatMap(({ offset }) => offset ?? []))].sort((a, b) => a - b);
    for (const offset of offsets) {
      const values = new Set(entries.filter((entry) => entry.offset === offset).map(({ value }) => value));
      if (values.size > 1) count('inconsistent-offsets');
    }
    for (const value of new Set(entries.map((entry) => entry.value))) {
      const places = new Set(entries.flatMap((entry) => (entry.value === value ? (entry.offset ?? []) : [])));
      const senders = tried.filter((message) => message.value === value && message.operation.type !== 'fail');
      if (senders.length > 0 && places.size > senders.length) count('duplicate');
    }
    const jumped = new Set<number>();
    for (const process of new Set(operations.map(({ invocation }) => invocation.process))) {
      const mine = operations.filter(({ invocation }) => invocation.process === process);
      let last: { offset: number; index: number } | undefined;
      let sent: { offset: number; index: number } | undefined;
      for (const operation of mine) {
        const { index, f } = operation.invocation;
        if (f === 'assign') {
          const stays =
            operation.type === 'fail' ||
            (operation.type === 'ok' && (operation.invocation.value as string[]).includes(key));
          if (!stays) last = undefined;
        }
        for (const { offset } of of(operation.polls)) {
          const prefix = last?.index === index ? 'int-' : '';
          if (last !== undefined && offset! <= last.offset) count(`${prefix}nonmonotonic-poll`);
          const between = offsets.filter(
            (other) => last !== undefined && other > last.offset && other < offset!,
          );
          if (between.length > 0) count(`${prefix}poll-skip`);
          for (const other of between) jumped.add(other);
          last = { offset: offset!, index };
        }
        if (operation.type === 'fail') continue;
        for (const message of of(operation.sends)) {
          const places = new Set(
            entries.flatMap((entry) => (entry.value === message.value ? (entry.offset ?? []) : [])),
          );
          const once = tried.filter((other) => other.value === message.value).length === 1;
          const offset = message.offset ?? (once && places.size === 1 ? [...places][0] : undefined);
          if (offset === undefined) continue;
          if (sent !== undefined && offset <= sent.offset) {
            count(sent.index === index ? 'int-nonmonotonic-send' : 'nonmonotonic-send');
          }
          sent = { offset, index };
        }
      }
    }
    const highest = Math.max(-1, ...polled.map(({ offset }) => offset!));
    for (const { value, offset, operation } of tried) {
      if (operation.type !== 'ok' || offset === undefined) continue;
      if (polled.some((message) => message.value === value)) continue;
      if (jumped.has(offset) || (!blind && offset < highest)) count('lost-write');
    }
    for (const operation of operations) {
      for (const { value } of of(operation.polls)) {
        const senders = tried.filter((message) => message.value === value);
        if (senders.length === 1 && senders[0]?.operation === operation) count('precommitted-read');
      }
    }
  }
  return counts;
}

import type { History, HistoryEvent, Json, Operation } from '../../../histories/index.ts';

function withEvents(history: History, events: readonly HistoryEvent[]): History {
  const numbered = events.map((event, index) => ({ ...event, index, time: index * 1000 }));
  return { ...history, events: numbered, footer: { events: numbered.length, content: '' } };
}

/** The same history under other names of keys and values. */
export function renamed(history: History): History {
  const value = (old: Json): Json =>
    Array.isArray(old) ? old.map(value) : old === null ? null : `value ${JSON.stringify(old)}`;
  return withEvents(
    history,
    (history.events as readonly Operation[]).map((event) => ({
      ...event,
      value: (event.value as readonly (readonly Json[])[]).map(([f, key, read]) => [
        f!,
        `key ${String(key)}`,
        value(read ?? null),
      ]),
    })),
  );
}

/** Neighbouring lines change places, wherever both are invocations or both completions: nobody's real time changes. */
export function permuted(history: History): History {
  const events = [...(history.events as readonly Operation[])];
  for (let at = 0; at + 1 < events.length; at += 2) {
    const [first, second] = [events[at]!, events[at + 1]!];
    if (first.process === second.process || (first.type === 'invoke') !== (second.type === 'invoke'))
      continue;
    events[at] = second;
    events[at + 1] = first;
  }
  return withEvents(history, events);
}

/** The history as it was recorded up to some line: what was open then never completed. */
export function cut(history: History, share: number): History {
  return withEvents(history, history.events.slice(0, Math.floor(history.events.length * share)));
}

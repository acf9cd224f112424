import {
  type History,
  type HistoryEvent,
  isObservation,
  isOperation,
  type Json,
  type Operation,
} from '../../histories/index.ts';
import { mapEvents } from './service-histories.ts';

/** A history told otherwise. `draw` decides where there is a choice. */
export type Change = (history: History, draw: number) => History;

function mapOperations(history: History, change: (operation: Operation) => Operation): History {
  return mapEvents(history, (event) => (isOperation(event) ? change(event) : event));
}

function numbered(history: History, events: readonly HistoryEvent[]): History {
  const { footer: _, ...frame } = history;
  return { ...frame, events: events.map((event, index) => ({ ...event, index })) };
}

/** Other numbers for the processes, in the opposite order. */
export const otherProcesses: Change = (history) => {
  const all = history.events.filter(isOperation).map(({ process }) => Number(process));
  const most = Math.max(0, ...all);
  return mapOperations(history, (operation) => ({
    ...operation,
    process: 3 * (most - Number(operation.process)) + 1,
  }));
};

/** Other names of the hosts: of those that note something, those that answer, and those that are noted as owners and members. */
export const otherHosts: Change = (history) =>
  mapEvents(history, (event) => {
    if (isOperation(event)) {
      return { ...event, ...(event.node !== undefined && { node: `a ${event.node}` }) };
    }
    if (!isObservation(event)) return event;
    const { members, owner } = (event.data ?? {}) as { members?: readonly string[]; owner?: string };
    if (members !== undefined) return { ...event, data: { members: members.map((name) => `a ${name}`) } };
    const named = owner === undefined ? {} : { data: { ...(event.data as object), owner: `a ${owner}` } };
    return { ...event, host: `a ${event.host}`, ...named } as HistoryEvent;
  });

/** Other names of the keys; what had none gets one. */
export const otherKeys: Change = (history) =>
  mapOperations(history, (operation) => ({
    ...operation,
    key: operation.key === undefined ? 'the one' : `key ${operation.key}`,
  }));

/** Other keys of what hosts note, and operations do. */
export const otherNotedKeys: Change = (history) =>
  mapEvents(otherKeys(history, 0), (event) => {
    if (!isObservation(event)) return event;
    const { key } = (event.data ?? {}) as { key?: Json };
    return key === undefined ? event : { ...event, data: { ...(event.data as object), key: `key ${key}` } };
  });

/** Every value replaced by what `change` makes of it. */
export const otherValues =
  (change: (value: Json, operation: Operation) => Json): Change =>
  (history) =>
    mapOperations(history, (operation) => ({ ...operation, value: change(operation.value, operation) }));

/** Within lists and objects too. */
export const everyNumber = (change: (number: number) => Json): Change => {
  const deep = (value: Json): Json => {
    if (typeof value === 'number') return change(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner as Json)]));
  };
  return otherValues(deep);
};

/** Some other time, and all of it slower. */
export const otherTime =
  (slower: number, later: number): Change =>
  (history) =>
    mapEvents(history, (event) => ({ ...event, time: event.time * slower + later }));

const isSameKind = (a: HistoryEvent, b: HistoryEvent): boolean =>
  isOperation(a) &&
  isOperation(b) &&
  a.process !== b.process &&
  (a.id === undefined || b.id === undefined || a.id[0] !== b.id[0]) &&
  a.phase === b.phase &&
  (a.type === 'invoke') === (b.type === 'invoke');

/** Some neighbours change places: both invocations or both completions, of different clients, so that nothing is before something that it was not. */
export const otherOrder =
  (mayChange: (a: HistoryEvent, b: HistoryEvent) => boolean = isSameKind): Change =>
  (history, draw) => {
    const events = [...history.events];
    for (let at = 0; at + 1 < events.length; at++) {
      const [first, second] = [events[at]!, events[at + 1]!];
      if (((draw >> (at % 30)) & 1) === 0 || !mayChange(first, second)) continue;
      events[at] = { ...second, time: first.time };
      events[at + 1] = { ...first, time: second.time };
    }
    return numbered(history, events);
  };

/** Somebody else calls something, somewhere, and nobody ever hears of it again. */
export const withLost =
  (call: Pick<Operation, 'f' | 'value'> & Partial<Operation>): Change =>
  (history, draw) => {
    const { events } = history;
    const place = draw % (events.length + 1);
    const time = events[place]?.time ?? events.at(-1)?.time ?? 0;
    const lost: Operation = { index: place, time, process: 1000, type: 'invoke', ...call };
    return numbered(history, [...events.slice(0, place), lost, ...events.slice(place)]);
  };

/** The history as it was recorded up to some line: what was open then never completed. */
export const cutShort: Change = (history, draw) =>
  numbered(history, history.events.slice(0, draw % (history.events.length + 1)));

import type { Json } from '../../histories/index.ts';
import type { Identity } from '../shared/identity.ts';
import type { LogOperation, Polled, Sent } from './operations.ts';

export interface Sight<What = Sent | Polled> {
  readonly operation: LogOperation;
  readonly what: What;
}

/** What is known of one key's log. */
export interface Log {
  readonly key: string;
  /** By offset: the values that acknowledged sends and polls put there, with the first to say so. More than one contradict each other. */
  readonly entries: Map<number, Map<Identity, Sight>>;
  /** By value: who tried to send it, in the order of invocation. */
  readonly senders: Map<Identity, Sight<Sent>[]>;
  /** By value: the acknowledged poll that was the first to complete of those that got it. */
  readonly readers: Map<Identity, Sight<Polled>>;
  /** By value: the offsets at which it was seen. */
  readonly places: Map<Identity, Set<number>>;
  /** The largest offset that was polled, and by whom. */
  highest: Sight<Polled> | undefined;
  /** The offsets of `entries`, ascending: gaps between them are markers of transactions, or what nobody saw. */
  order: readonly number[];
}

/** Cost: n log n in what was sent and polled. */
export function logsOf(operations: readonly LogOperation[]): Map<string, Log> {
  const logs = new Map<string, Log>();
  for (const operation of operations) {
    for (const what of operation.sends) {
      const log = logOf(logs, what.key);
      const senders = log.senders.get(what.identity);
      if (senders === undefined) log.senders.set(what.identity, [{ operation, what }]);
      else senders.push({ operation, what });
      if (operation.outcome === 'ok') place(log, { operation, what });
    }
    for (const what of operation.polls) {
      const log = logOf(logs, what.key);
      const sight = { operation, what };
      place(log, sight);
      const known = log.readers.get(what.identity);
      if (known === undefined || endOf(operation) < endOf(known.operation)) {
        log.readers.set(what.identity, sight);
      }
      if (what.offset !== undefined && what.offset > (log.highest?.what.offset ?? -1)) log.highest = sight;
    }
  }
  for (const log of logs.values()) log.order = [...log.entries.keys()].sort((a, b) => a - b);
  return logs;
}

/** Index of the completion. Only operations that have one are asked. */
export function endOf({ pair }: LogOperation): number {
  return pair.completion?.index ?? Number.POSITIVE_INFINITY;
}

/** Position of the first known offset from this one on. Cost: logarithmic. */
export function rankOf({ order }: Log, offset: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order[middle]! >= offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The values at an offset, in words for an explanation. */
export function valuesAt({ entries }: Log, offset: number): Json[] {
  return [...(entries.get(offset)?.values() ?? [])].map(({ what }) => what.value);
}

function logOf(logs: Map<string, Log>, key: string): Log {
  let log = logs.get(key);
  if (log === undefined) {
    log = {
      key,
      entries: new Map(),
      senders: new Map(),
      readers: new Map(),
      places: new Map(),
      highest: undefined,
      order: [],
    };
    logs.set(key, log);
  }
  return log;
}

function place({ entries, places }: Log, sight: Sight): void {
  const { offset, identity } = sight.what;
  if (offset === undefined) return;
  const values = entries.get(offset);
  if (values === undefined) entries.set(offset, new Map([[identity, sight]]));
  else if (!values.has(identity)) values.set(identity, sight);
  const known = places.get(identity);
  if (known === undefined) places.set(identity, new Set([offset]));
  else known.add(offset);
}

import { endOf, type Log, type Sight } from './logs.ts';
import type { LogOperation, Polled, Sent } from './operations.ts';

/** A value of a log that is wrong in itself. */
export type Wrong =
  | { readonly name: 'garbage-read'; readonly log: Log; readonly read: Sight<Polled> }
  | {
      readonly name: 'aborted-read' | 'future-read' | 'precommitted-read';
      readonly log: Log;
      readonly read: Sight<Polled>;
      readonly sender: Sight<Sent>;
    }
  | {
      readonly name: 'inconsistent-offsets';
      readonly log: Log;
      readonly offset: number;
      readonly sights: readonly Sight[];
    }
  | {
      readonly name: 'duplicate';
      readonly log: Log;
      readonly sights: readonly Sight[];
      readonly offsets: readonly number[];
    };

/**
 * What was polled though nobody sent it (`garbage-read`), all who sent it certainly failed (`aborted-read`), or nobody had sent it yet
 * (`future-read`); values that contradict each other at one offset; and a value at more offsets than it was sent. Cost: linear in the log.
 */
export function wrongValues(log: Log): Wrong[] {
  const found: Wrong[] = [];
  for (const [identity, read] of log.readers) {
    const senders = log.senders.get(identity) ?? [];
    const possible = senders.filter(({ operation }) => operation.outcome !== 'fail');
    const [first] = possible;
    if (senders.length === 0) found.push({ name: 'garbage-read', log, read });
    else if (first === undefined) found.push({ name: 'aborted-read', log, read, sender: senders[0]! });
    else if (first.operation.pair.invocation.index > endOf(read.operation)) {
      found.push({ name: 'future-read', log, read, sender: first });
    }
  }
  for (const [offset, values] of log.entries) {
    if (values.size > 1)
      found.push({ name: 'inconsistent-offsets', log, offset, sights: [...values.values()] });
  }
  for (const [identity, places] of log.places) {
    const senders = (log.senders.get(identity) ?? []).filter(({ operation }) => operation.outcome !== 'fail');
    if (senders.length === 0 || places.size <= senders.length) continue;
    const offsets = [...places].sort((a, b) => a - b);
    const sights = offsets.map((offset) => log.entries.get(offset)!.get(identity)!);
    found.push({ name: 'duplicate', log, sights, offsets });
  }
  return found;
}

/** What a transaction polled of its own sends: nobody is to see them before it is committed. Cost: linear. */
export function precommittedReads(
  operations: readonly LogOperation[],
  logs: ReadonlyMap<string, Log>,
): Wrong[] {
  const found: Wrong[] = [];
  for (const operation of operations) {
    if (operation.sends.length === 0) continue;
    for (const what of operation.polls) {
      const log = logs.get(what.key);
      const senders = log?.senders.get(what.identity) ?? [];
      const [sender] = senders;
      if (log === undefined || sender === undefined || senders.length > 1) continue;
      if (sender.operation !== operation) continue;
      found.push({ name: 'precommitted-read', log, read: { operation, what }, sender });
    }
  }
  return found;
}

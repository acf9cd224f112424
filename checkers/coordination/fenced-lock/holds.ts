import type { Operation, OperationPair } from '../../../histories/index.ts';
import { NEVER, type Structure, sweep } from '../../shared/structures.ts';
import type { Clients } from '../clients.ts';

/** A lock that was acquired with certainty, and for how long its client certainly held it. */
export interface Hold {
  readonly acquire: OperationPair;
  /** Index of the completion of the acquire. */
  readonly from: number;
  /** Index from which on it may be over; `NEVER` if it was not released. */
  readonly until: number;
  /** The release that may have ended it. */
  readonly release?: OperationPair;
  /** The number that the acquire returned, if it did. */
  readonly token?: number;
}

/**
 * Each acknowledged acquire is certainly held from its completion to the invocation of its client's next release that did not
 * certainly fail, or to the invocation of an indeterminate operation after which the client cannot be told from others. With a `lease` (nanoseconds) it is
 * certainly held no longer than that after the invocation. In the order of `from`. Cost: n log n.
 */
export function holdsOf(
  { pairs }: Structure,
  clients: Clients,
  expiry: (acquire: Operation) => number,
): Hold[] {
  const holds: { -readonly [name in keyof Hold]: Hold[name] }[] = [];
  const open = new Map<string, (typeof holds)[number][]>();
  const pending = new Pending(clients);
  sweep(pairs, (position, completes) => {
    const pair = pairs[position]!;
    const { invocation, completion } = pair;
    const client = clients.nameOf(invocation);
    if (invocation.f === 'release') {
      if (completes || completion?.type === 'fail') return;
      if (completion?.type !== 'ok') pending.add(invocation);
      for (const hold of open.get(client) ?? []) {
        hold.until = Math.min(hold.until, invocation.index);
        hold.release = pair;
      }
      open.delete(client);
    } else if (completes && completion?.type === 'ok') {
      const token = Number.isSafeInteger(completion.value) ? (completion.value as number) : undefined;
      const hold = {
        acquire: pair,
        from: completion.index,
        until: pending.mayConcern(invocation)
          ? completion.index
          : Math.min(NEVER, clients.untraceableFrom(invocation), expiry(invocation)),
        ...(token !== undefined && { token }),
      };
      holds.push(hold);
      const others = open.get(client);
      if (others === undefined) open.set(client, [hold]);
      else others.push(hold);
    }
  });
  return holds;
}

/** Indeterminate releases so far. */
class Pending {
  private readonly named = new Set<string>();
  /** Index of the first of all, and of the first by somebody whose number is not known. */
  private first = NEVER;
  private anonymous = NEVER;
  private readonly clients: Clients;

  constructor(clients: Clients) {
    this.clients = clients;
  }

  add(release: Operation): void {
    this.first = Math.min(this.first, release.index);
    if (this.clients.numberOf(release) === undefined)
      this.anonymous = Math.min(this.anonymous, release.index);
    else this.named.add(this.clients.nameOf(release));
  }

  /** Whether one of them may be by the same client. */
  mayConcern(acquire: Operation): boolean {
    const began = this.clients.beganAt(acquire);
    if (this.clients.numberOf(acquire) === undefined) return began > this.first;
    return this.named.has(this.clients.nameOf(acquire)) || began > this.anonymous;
  }
}

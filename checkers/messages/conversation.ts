import type { Json, OperationPair } from '../../histories/index.ts';
import { ElementIds } from '../shared/element-ids.ts';
import type { Structure } from '../shared/structures.ts';

export interface Message {
  readonly value: Json;
  /** Who tried to send it; absent for one that was shown and that nobody sent. */
  readonly send: OperationPair | undefined;
  /**
   * What must stand before it wherever it is shown: the message that its session had sent before it, and those that were shown to the session since then. All earlier
   * ones stand before those.
   */
  before: readonly number[];
}

export interface Reading {
  readonly pair: OperationPair & { readonly completion: NonNullable<OperationPair['completion']> };
  readonly session: string;
  /** The messages shown, in order. */
  readonly shown: readonly number[];
}

/** One conversation; messages are numbered by value. */
export interface Conversation {
  readonly key: string | number | undefined;
  readonly messages: readonly Message[];
  readonly readings: readonly Reading[];
}

/** A device, where the completion names it; otherwise a process. */
export function sessionOf({ invocation, completion }: OperationPair): string {
  return completion?.node ?? invocation.node ?? `process ${invocation.process}`;
}

/** What a session knows at some moment. */
interface Known {
  /** Its last send that was acknowledged. */
  sent: number | undefined;
  /** First shown since then. */
  fresh: number[];
  readonly shown: Set<number>;
}

/** Undefined for a conversation in which a message was sent twice: then a value does not tell its sender. */
export function conversationOf({ key, pairs }: Structure): Conversation | undefined {
  const ids = new ElementIds();
  const messages: { value: Json; send: OperationPair | undefined; before: readonly number[] }[] = [];
  const idOf = (value: Json): number => {
    const id = ids.add(value);
    messages[id] ??= { value, send: undefined, before: [] };
    return id;
  };
  const readings: Reading[] = [];
  const moments: { readonly at: number; readonly happen: () => void }[] = [];
  const sessions = new Map<string, Known>();
  const knownTo = (session: string): Known => {
    const known = sessions.get(session) ?? { sent: undefined, fresh: [], shown: new Set<number>() };
    sessions.set(session, known);
    return known;
  };
  for (const pair of pairs) {
    const { invocation, completion } = pair;
    const session = sessionOf(pair);
    if (invocation.f === 'send') {
      const id = idOf(invocation.value);
      const message = messages[id]!;
      if (message.send !== undefined) return undefined;
      message.send = pair;
      // Of an indeterminate one nobody knows when it was sent; and whoever sent it may have known less.
      if (completion?.type !== 'ok') continue;
      moments.push({
        at: invocation.index,
        happen() {
          const { sent, fresh } = knownTo(session);
          message.before = sent === undefined ? [...fresh] : [sent, ...fresh];
        },
      });
      moments.push({
        at: completion.index,
        happen() {
          const known = knownTo(session);
          known.sent = id;
          known.fresh = [];
        },
      });
    } else if (completion?.type === 'ok' && Array.isArray(completion.value)) {
      const shown = (completion.value as readonly Json[]).map(idOf);
      readings.push({ pair: { ...pair, completion }, session, shown });
      moments.push({
        at: completion.index,
        happen() {
          const known = knownTo(session);
          for (const id of shown) {
            if (known.shown.has(id)) continue;
            known.shown.add(id);
            known.fresh.push(id);
          }
        },
      });
    }
  }
  moments.sort((a, b) => a.at - b.at);
  for (const { happen } of moments) happen();
  return { key, messages, readings };
}

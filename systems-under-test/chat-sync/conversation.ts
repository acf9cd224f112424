import type { Json } from '../../harness/contract/index.ts';
import type { VersionVector } from '../shared/version-vector.ts';

/** One message, the n-th of its device in this conversation, from 1. */
export type Message = {
  readonly device: string;
  readonly n: number;
  /** One more than that of every message that the device showed when it was sent (Lamport 1978). */
  readonly clock: number;
  /** How many messages of each device were shown then: what caused it. */
  readonly causes: VersionVector;
  readonly body: Json;
};

/** What one device or server has of a conversation: of each device its first messages, without gaps. */
export type Conversation = { readonly [device: string]: readonly Message[] };

export const EMPTY: Conversation = {};

/** How many messages of each device it has. */
export function heldOf(conversation: Conversation): VersionVector {
  return Object.fromEntries(
    Object.entries(conversation).map(([device, messages]) => [device, messages.length]),
  );
}

/** What another one lacks that has so many of each device: one device after the other, so that of a part of it the causes of some messages may be missing. */
export function beyond(conversation: Conversation, held: VersionVector): Message[] {
  return Object.entries(conversation).flatMap(([device, messages]) => messages.slice(held[device] ?? 0));
}

/** With those of the messages that follow on what it has; itself, if there are none. What comes again, or too early, is passed over. */
export function withMessages(conversation: Conversation, messages: readonly Message[]): Conversation {
  const changed: { [device: string]: readonly Message[] } = { ...conversation };
  let isMore = false;
  for (const message of messages) {
    const known = changed[message.device] ?? [];
    if (message.n !== known.length + 1) continue;
    changed[message.device] = [...known, message];
    isMore = true;
  }
  return isMore ? changed : conversation;
}

export interface View {
  readonly messages: readonly Message[];
  /** How many of each device it shows. */
  readonly shown: VersionVector;
}

/**
 * What a device shows: every message whose causes it shows too, by clock, then by device. Any two messages stand in the same order wherever both are shown; a cause has a smaller clock than its
 * effects, so that it stands before them, and one pass finds all that can be shown. (Causal delivery: Birman, Schiper and Stephenson, TOCS 1991; here on what is shown, not on what is received.)
 */
export function viewOf(conversation: Conversation, ignoresCauses = false): View {
  const sorted = Object.values(conversation)
    .flat()
    .sort((a, b) => a.clock - b.clock || (a.device < b.device ? -1 : a.device > b.device ? 1 : a.n - b.n));
  const shown: { [device: string]: number } = {};
  const messages = sorted.filter(({ device, n, causes }) => {
    const isReady =
      ignoresCauses ||
      ((shown[device] ?? 0) === n - 1 &&
        Object.entries(causes).every(([cause, count]) => (shown[cause] ?? 0) >= count));
    if (isReady) shown[device] = n;
    return isReady;
  });
  return { messages, shown };
}

/** The next message of this device, for a device that shows what this conversation has. */
export function nextMessage(conversation: Conversation, device: string, body: Json): Message {
  const { messages, shown } = viewOf(conversation);
  const clock = messages.reduce((most, message) => Math.max(most, message.clock), 0) + 1;
  return { device, n: (conversation[device]?.length ?? 0) + 1, clock, causes: shown, body };
}

import { type History, isObservation, type Json } from '../../histories/index.ts';
import { asObject } from '../shared/timeline.ts';

/** A time in which the same servers take part. */
export interface Epoch {
  /** Index of the event that began it; -1 for the one that was there from the beginning. */
  readonly index: number;
  /** Nanoseconds. */
  readonly from: number;
  /** Time of the next one's beginning, or infinite. */
  readonly until: number;
  /** Sorted. Undefined where nobody said: before the first announcement. */
  readonly members?: readonly string[];
}

/** The part of a checker's schema for the kind of note that announces who takes part. */
export const MEMBERS_OPTION = {
  description: 'kind of the note that announces the members: a list of names, or {members: names}',
  type: 'string',
  default: 'members',
} as const;

/**
 * The epochs of a history, from the notes of this kind: a list of names, or `{members: [names]}`. An announcement of the same members again
 * begins nothing. Cost: linear in the events.
 */
export function epochsOf({ events }: History, kind: string): Epoch[] {
  const begun: Omit<Epoch, 'until'>[] = [{ index: -1, from: 0 }];
  for (const event of events) {
    if (!isObservation(event) || event.type !== 'note' || event.kind !== kind) continue;
    const members = namesIn(event.data);
    if (members === undefined || members.join('\n') === begun.at(-1)?.members?.join('\n')) continue;
    begun.push({ index: event.index, from: event.time, members });
  }
  return begun.map((epoch, nth) => ({ ...epoch, until: begun[nth + 1]?.from ?? Number.POSITIVE_INFINITY }));
}

function namesIn(data: Json): string[] | undefined {
  const names = Array.isArray(data) ? data : asObject(data)?.members;
  if (!Array.isArray(names)) return undefined;
  const texts = names.filter((name): name is string => typeof name === 'string');
  return texts.length === names.length ? texts.sort() : undefined;
}

/** Finds the epoch of each event of a history that is gone through in order. */
export class EpochCursor {
  private readonly epochs: readonly Epoch[];
  private at = 0;

  constructor(epochs: readonly Epoch[]) {
    this.epochs = epochs;
  }

  /** Position of the epoch that this event is in. Asked with ascending indices. */
  of(index: number): number {
    while ((this.epochs[this.at + 1]?.index ?? Number.POSITIVE_INFINITY) < index) this.at++;
    return this.at;
  }
}

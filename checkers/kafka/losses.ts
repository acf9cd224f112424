import type { Log, Sight } from './logs.ts';
import type { Sent } from './operations.ts';
import type { Misstep } from './positions.ts';

export interface Loss {
  readonly log: Log;
  readonly sent: Sight<Sent>;
  /** A consumer that jumped over it; undefined if it follows from the highest offset that was polled alone. */
  readonly jump: Misstep | undefined;
}

export interface Losses {
  readonly lost: readonly Loss[];
  /** Acknowledged, and nobody is known to have polled it, but somebody still may have, or may do so. */
  readonly unseen: readonly { readonly log: Log; readonly sent: Sight<Sent> }[];
}

/**
 * Acknowledged sends that no acknowledged poll returned. One is lost if a consumer jumped over its offset; or if a higher one was
 * polled, all consumers begin at the beginning, and there are no polls of which nobody knows what they returned. Cost: linear in the log and the steps.
 */
export function lossesOf(log: Log, missteps: readonly Misstep[], allBegin: boolean): Losses {
  const jumps = new Map<number, Misstep>();
  for (const step of missteps) {
    if (step.log !== log) continue;
    for (const offset of step.skipped) if (!jumps.has(offset)) jumps.set(offset, step);
  }
  const lost: Loss[] = [];
  const unseen: { log: Log; sent: Sight<Sent> }[] = [];
  const highest = log.highest?.what.offset ?? -1;
  for (const [identity, senders] of log.senders) {
    if (log.readers.has(identity)) continue;
    for (const sent of senders) {
      if (sent.operation.outcome !== 'ok') continue;
      const { offset } = sent.what;
      const jump = offset === undefined ? undefined : jumps.get(offset);
      if (jump !== undefined) lost.push({ log, sent, jump });
      else if (allBegin && offset !== undefined && offset < highest) lost.push({ log, sent, jump });
      else unseen.push({ log, sent });
    }
  }
  return { lost, unseen };
}

import type { History, Operation } from '../../histories/index.ts';
import { phasesOf } from './timeline.ts';

/**
 * The index from which on reads are final: the phase `final`, by an operation's own mark or by the controller's, whichever comes
 * first. Infinity if the history has no such phase. Cost: linear in the events.
 */
export function finalFrom(history: History): number {
  const from = phasesOf(history).find(({ name }) => name === 'final')?.index ?? Number.POSITIVE_INFINITY;
  for (const event of history.events) {
    if (event.index >= from) break;
    if ((event as Operation).phase === 'final') return event.index;
  }
  return from;
}

import fc from 'fast-check';
import type { History, HistoryEvent, Operation } from '../../../../histories/index.ts';
import { type ObjectCall, objectExecutions } from '../../../testing/objects.ts';

interface Lock {
  readonly owner: number | null;
  readonly token: number;
}

export const lockHistories = (steps: number) =>
  objectExecutions<Lock>({
    calls: (draw): ObjectCall => ({ f: draw % 2 === 0 ? 'acquire' : 'release', value: null }),
    initial: { owner: null, token: 0 },
    threads: 3,
    steps,
    model: ({ owner, token }, { f }, thread) => {
      if (f === 'release') return owner === thread ? { state: { owner: null, token }, value: null } : 'fail';
      return owner === null ? { state: { owner: thread, token: token + 1 }, value: token + 1 } : 'fail';
    },
  });

/** Some acquires that were refused succeed after all. */
export const brokenLockHistories = fc.tuple(lockHistories(12), fc.nat(7)).map(([history, mask]): History => {
  let nth = 0;
  const events = history.events.map((event): HistoryEvent => {
    const { f, type } = event as Operation;
    if (f !== 'acquire' || type !== 'fail') return event;
    return mask & (1 << nth++) ? { ...(event as Operation), type: 'ok', value: null } : event;
  });
  return { ...history, events };
});

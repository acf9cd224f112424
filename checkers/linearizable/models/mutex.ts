import type { Model } from '../model.ts';

/** A lock without an owner: `acquire` when it is free, `release` when it is held. The state is true while held. */
export const mutex: Model = {
  name: 'mutex',
  summary: 'acquire and release of one lock',
  functions: ['acquire', 'release'],
  initial: false,
  apply(state, call) {
    const acquires = call.f === 'acquire';
    return state === acquires ? undefined : acquires;
  },
  effect: () => 'partial',
};

import type { Applied, Evidence, Json } from '../contract/index.ts';

/** In force until it is healed. */
export function applied(undo: () => void, evidence: () => Evidence): Applied {
  let inForce = true;
  let last: Evidence | undefined;
  return {
    heal() {
      if (!inForce) return;
      // What the machine counted is gone when the lever is back.
      last = evidence();
      inForce = false;
      undo();
    },
    evidence: () => last ?? evidence(),
  };
}

/** Healing does not undo it, and what becomes of it shows until the end. */
export function lasting(evidence: () => Evidence): Applied {
  return { heal() {}, evidence };
}

export function outcome(bit: boolean, figures: { readonly [name: string]: Json }, masked = false): Evidence {
  return { outcome: bit ? 'bit' : masked ? 'masked' : 'no-effect', figures };
}

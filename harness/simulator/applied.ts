import type { Applied, Evidence, Json } from '../contract/index.ts';
import type { DiskDamage } from './disk-damage.ts';

/** Something in force until `undo`; healing twice does nothing. */
export function applied(undo: () => void, evidence: () => Evidence): Applied {
  let inForce = true;
  return {
    heal() {
      if (!inForce) return;
      inForce = false;
      undo();
    },
    evidence,
  };
}

/** What a lever did, with the figures that show it. */
export function outcome(bit: boolean, figures: { readonly [name: string]: Json }, masked = false): Evidence {
  return { outcome: bit ? 'bit' : masked ? 'masked' : 'no-effect', figures };
}

/** What grew since now, until stopped. */
export function counting(read: () => number): { value(): number; stop(): void } {
  const before = read();
  let stopped: number | undefined;
  return {
    value: () => (stopped ?? read()) - before,
    stop: () => {
      stopped ??= read();
    },
  };
}

/** The evidence of damage to a disk; there was nothing to damage if undefined. */
export function diskDamage(damage: DiskDamage | undefined): Evidence {
  if (damage === undefined) return outcome(false, { file: null });
  return {
    outcome: damage.outcome,
    figures: { file: damage.file, offset: damage.offset, bytes: damage.length },
  };
}

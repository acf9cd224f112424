import type { Applied, Evidence, Json } from '../harness/contract/index.ts';

const RANK = { 'no-effect': 0, masked: 1, bit: 2 } as const;

/** Several hardships as one: healed in reverse order; it bit if one of them did. Figures of one name are added up if they are numbers. */
export function together(parts: readonly Applied[]): Applied {
  return {
    async heal() {
      for (const part of [...parts].reverse()) await part.heal();
    },
    evidence: () => merge(parts.map((part) => part.evidence())),
  };
}

function merge(all: readonly Evidence[]): Evidence {
  let outcome: Evidence['outcome'] = 'no-effect';
  const figures: { [name: string]: Json } = {};
  for (const part of all) {
    if (RANK[part.outcome] > RANK[outcome]) outcome = part.outcome;
    for (const [name, value] of Object.entries(part.figures)) {
      const before = figures[name];
      if (before === undefined) figures[name] = value;
      else if (typeof before === 'number' && typeof value === 'number') figures[name] = before + value;
      else if (before !== value) figures[name] = [...(Array.isArray(before) ? before : [before]), value];
    }
  }
  return { outcome, figures };
}

/** A fault that met nobody. */
export function nothing(why: string): Applied {
  return {
    heal() {},
    evidence: () => ({ outcome: 'no-effect', figures: { why } }),
  };
}

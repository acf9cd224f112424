import { describe, expect, it } from 'vitest';
import { CLASSES, LEVELS } from './cycle-classes.ts';
import { containsModel, judgeModels, MODEL_NAMES, MODELS, violatedBy } from './models.ts';

describe('consistency models', () => {
  it('are listed after those that they contain', () => {
    for (const [at, model] of MODEL_NAMES.entries()) {
      for (const contained of MODELS[model].contains) {
        expect(MODEL_NAMES.indexOf(contained), `${model} contains ${contained}`).toBeLessThan(at);
        expect(MODEL_NAMES.indexOf(contained)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('strict serializability contains all of them, and forbids every anomaly', () => {
    for (const model of MODEL_NAMES) expect(containsModel('strict-serializable', model)).toBe(true);
    const cycles = LEVELS.flatMap(({ suffix }) => CLASSES.map((name) => name + suffix));
    const others = [
      'G1a',
      'G1b',
      'internal',
      'future-read',
      'dirty-update',
      'lost-update',
      'duplicate-elements',
    ];
    for (const anomaly of [...cycles, ...others, 'incompatible-order', 'garbage-read', 'cyclic-versions']) {
      expect(violatedBy(anomaly), anomaly).toContain('strict-serializable');
    }
  });

  it('a stronger class of cycle, or a lower level, rules out no less', () => {
    LEVELS.forEach(({ suffix }, level) => {
      CLASSES.forEach((name, rank) => {
        const weaker = CLASSES[rank + 1];
        const higher = LEVELS[level + 1];
        const here = violatedBy(name + suffix);
        if (weaker !== undefined) expect(here).toEqual(expect.arrayContaining(violatedBy(weaker + suffix)));
        if (higher !== undefined)
          expect(here).toEqual(expect.arrayContaining(violatedBy(name + higher.suffix)));
      });
    });
  });

  it('read skew: not snapshot isolation, but read committed', () => {
    const violated = violatedBy('G-single');
    expect(violated).toContain('snapshot-isolation');
    expect(violated).toContain('repeatable-read');
    expect(violated).not.toContain('read-committed');
    expect(violated).not.toContain('read-atomic');
  });

  it('write skew: snapshot isolation, but not serializable', () => {
    expect(judgeModels(['G2-item'])).toEqual({
      violated: ['repeatable-read', 'serializable', 'strong-session-serializable', 'strict-serializable'],
      not: ['repeatable-read'],
      may: ['update-serializable', 'strong-snapshot-isolation'],
    });
  });

  it('no anomaly: everything may hold', () => {
    expect(judgeModels([])).toEqual({ violated: [], not: [], may: ['strict-serializable'] });
  });

  it('a cycle of writes: nothing may hold', () => {
    expect(judgeModels(['G0'])).toEqual({ violated: MODEL_NAMES, not: ['read-uncommitted'], may: [] });
  });
});

import { describe, expect, it } from 'vitest';
import { CLASSES, LEVELS } from './cycle-classes.ts';
import {
  containsModel,
  judgeModels,
  MODEL_NAMES,
  MODELS,
  TRANSACTIONAL_MODELS,
  violatedBy,
} from './models.ts';

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
      may: ['update-serializable', 'linearizable', 'strong-snapshot-isolation'],
    });
  });

  it('no anomaly: everything may hold', () => {
    expect(judgeModels([])).toEqual({ violated: [], not: [], may: ['strict-serializable'] });
  });

  it('a cycle of writes: no model of transactions may hold', () => {
    const { violated, not, may } = judgeModels(['G0']);
    expect(violated).toEqual(TRANSACTIONAL_MODELS);
    expect(not).toEqual(['read-uncommitted']);
    expect(may).toEqual(['linearizable']);
  });

  it('a value that nobody wrote: nothing may hold', () => {
    expect(judgeModels(['garbage-read'])).toMatchObject({ violated: MODEL_NAMES, may: [] });
  });

  it('where every transaction is one operation, models of both kinds meet', () => {
    expect(judgeModels(['G-single-process'], true).not).toEqual([
      'sequential',
      'strong-session-snapshot-isolation',
    ]);
    expect(judgeModels(['G-single-process']).may).toContain('linearizable');
    expect(judgeModels(['G-single-realtime'], true).may).not.toContain('linearizable');
  });

  it('what a transaction missed of another that it had seen: fractured, and with sessions not causal', () => {
    expect(judgeModels(['OTV']).not).toEqual(['monotonic-atomic-view', 'consistent-view']);
    expect(judgeModels(['fractured-read']).not).toEqual([
      'read-atomic',
      'consistent-view',
      'repeatable-read',
    ]);
    expect(judgeModels(['fractured-read-process']).not).toEqual(['strong-session-read-atomic']);
    expect(judgeModels(['causality-violation']).not).toEqual(['causal']);
  });

  it('the order of a process plays no part in models without sessions', () => {
    for (const anomaly of ['causality-violation', 'OTV-process', 'G1c-process']) {
      for (const model of ['serializable', 'snapshot-isolation', 'prefix', 'causal-cerone'])
        expect(violatedBy(anomaly)).not.toContain(model);
      for (const model of ['causal', 'strong-session-snapshot-isolation', 'strict-serializable'])
        expect(violatedBy(anomaly)).toContain(model);
    }
  });
});

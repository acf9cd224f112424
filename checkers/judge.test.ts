import { describe, expect, it } from 'vitest';
import type { Checker } from './checker.ts';
import { judge, prepareSelections } from './judge.ts';
import { SelectionError } from './options.ts';
import { durability } from './registers/durability.ts';
import { evidence } from './service/evidence.ts';
import { sla } from './service/sla/index.ts';
import { stats } from './service/stats.ts';
import { mergeValidity } from './shared/verdicts.ts';
import { run } from './testing/run.ts';

const registry: readonly Checker[] = [durability, evidence, sla, stats];

describe('merging', () => {
  it('lets invalid beat unknown and unknown beat valid', () => {
    expect(mergeValidity(['valid', 'unknown', 'invalid', 'valid'])).toBe('invalid');
    expect(mergeValidity(['valid', 'unknown', 'valid'])).toBe('unknown');
    expect(mergeValidity(['valid'])).toBe('valid');
    expect(mergeValidity([])).toBe('valid');
  });
});

describe('judge', () => {
  const history = run('0 write x=1 0..5 \n 0 read x=1 10..20');

  it('gives the verdicts in the order of the selections and merges them', () => {
    const { validity, verdicts } = judge(history, [{ name: 'stats' }, { name: 'durability' }], registry);
    expect(validity).toBe('unknown');
    expect(verdicts.map(({ checker, validity }) => [checker, validity])).toEqual([
      ['stats', 'valid'],
      ['durability', 'unknown'],
    ]);
  });

  it('adds the evidence to a history that has a schedule, once', () => {
    const planned = { ...history, header: { ...history.header, plan: { schedule: [] } } };
    const names = (selections: readonly { name: string }[]) =>
      judge(planned, selections, registry).verdicts.map(({ checker }) => checker);
    expect(names([{ name: 'stats' }])).toEqual(['stats', 'evidence']);
    expect(names([{ name: 'evidence' }, { name: 'stats' }])).toEqual(['evidence', 'stats']);
  });

  it('fills in the defaults of the schema without touching what it was given', () => {
    const options = {};
    const prepared = prepareSelections([{ name: 'durability', options }], registry);
    expect(prepared[0]?.options).toEqual({ initial: null, harmless: [], unclaimed: false });
    expect(options).toEqual({});
  });

  it.each([
    [
      { name: 'durable' },
      'unknown-checker',
      'checker "durable": expected one of durability, evidence, sla, stats',
    ],
    [
      { name: 'stats', options: { ignored: ['x'] } },
      'bad-options',
      'checker "stats", option /ignored: expected no such option, only ignore, got ["x"]',
    ],
    [
      { name: 'sla', options: { latency: [{ percentile: 101, within: 1 }] } },
      'bad-options',
      'checker "sla", option /latency/0/percentile: must be <= 100, got 101',
    ],
    [
      { name: 'stats', options: 'all' },
      'bad-options',
      'checker "stats", option /: must be object, got "all"',
    ],
  ])('refuses %j', (selection, code, message) => {
    const attempt = () => judge(history, [{ name: 'stats' }, selection], registry);
    expect(attempt).toThrow(new SelectionError(code as SelectionError['code'], message));
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });
});

import { describe, expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { run } from '../testing/run.ts';
import { evidence } from './evidence.ts';

const pause = { fault: 'pause', at: 0, target: { hosts: ['n1'] }, parameters: {} };
const flip = { fault: 'disk-flip', at: 0, target: { role: 'leader', index: 0 }, parameters: {} };
const plan = (...schedule: Json[]): { plan: Json } => ({ plan: { schedule } });

describe('evidence', () => {
  it('is valid when one of the faults bit and somebody was served', () => {
    const history = run(
      `
      0 write =1      0..5
      nemesis pause n1 10..20 #0 bit
      nemesis disk-flip n2 12..20 #1 no-effect
      `,
      plan(pause, flip),
    );
    expect(evidence.check(history, {}, {})).toEqual({
      checker: 'evidence',
      validity: 'valid',
      anomalies: [],
      figures: {
        scheduled: 2,
        bit: 1,
        masked: 0,
        noEffect: [1],
        kinds: {
          pause: { bit: 1, masked: 0, noEffect: 0 },
          'disk-flip': { bit: 0, masked: 0, noEffect: 1 },
        },
        succeeded: 1,
      },
    });
  });

  it('is unknown when no fault had an effect, and names each with its target', () => {
    const history = run(
      `
      0 write =1      0..5
      nemesis pause n1 10..20 #0 no-effect
      `,
      plan(pause, flip),
    );
    expect(evidence.check(history, {}, {})).toEqual({
      checker: 'evidence',
      validity: 'unknown',
      anomalies: [],
      reason:
        'none of the scheduled faults had an effect: pause of n1 (fault 0, 0.010 s - 0.020 s) and disk-flip of the leader (fault 1, never applied)',
      figures: {
        scheduled: 2,
        bit: 0,
        masked: 0,
        noEffect: [0, 1],
        kinds: {
          pause: { bit: 0, masked: 0, noEffect: 1 },
          'disk-flip': { bit: 0, masked: 0, noEffect: 1 },
        },
        succeeded: 1,
      },
    });
  });

  it('is unknown when a fault that must bite did not', () => {
    const history = run(
      `
      0 write =1      0..5
      nemesis pause n1 10..20 #0 bit
      nemesis disk-flip n2 12..20 #1 no-effect
      `,
      plan(pause, { ...flip, mustBite: true }),
    );
    expect(evidence.check(history, {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'faults that must bite had no effect: disk-flip of n2 (fault 1, 0.012 s - 0.020 s)',
    });
  });

  it('counts a corrected hit as an effect, and an applied fault without evidence as none', () => {
    const text = '0 write =1 0..5 \n nemesis pause n1 10..20 #0';
    expect(evidence.check(run(`${text} masked`, plan(pause)), {}, {}).validity).toBe('valid');
    expect(evidence.check(run(text, plan(pause)), {}, {}).validity).toBe('unknown');
  });

  it('takes the strongest evidence, also when it is gathered after healing', () => {
    const history = run('0 write =1 0..5 \n nemesis pause n1 10..20 #0 no-effect', plan(pause));
    const later = {
      index: history.events.length,
      time: 90e6,
      process: 'nemesis' as const,
      type: 'info' as const,
      f: 'pause',
      value: { fault: 0, action: 'evidence', evidence: { outcome: 'bit', figures: { ms: 4 } } },
    };
    const verdict = evidence.check({ ...history, events: [...history.events, later] }, {}, {});
    expect(verdict).toMatchObject({ validity: 'valid', figures: { bit: 1 } });
  });

  it('is unknown when nobody was served, whatever the faults did', () => {
    const text = '0 write =1 0..5 fail refused \n nemesis pause n1 10..20 #0 bit';
    expect(evidence.check(run(text, plan(pause)), {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no operation of a client succeeded (most often "refused", 1 time)',
    });
  });

  it('is unknown when the run hung or its file was cut off', () => {
    const history = run('0 write =1 0..5', plan());
    expect(
      evidence.check({ ...history, footer: { events: 2, content: '', ended: 'hang' } }, {}, {}),
    ).toMatchObject({
      validity: 'unknown',
      reason: 'the run did not reach its end: hang',
    });
    const { footer: _, ...cut } = { ...history, cutOff: { line: 4, reason: 'half a line' } };
    expect(evidence.check(cut, {}, {})).toMatchObject({
      reason: 'the run did not reach its end: half a line',
    });
  });

  it('does not demand faults of an empty schedule', () => {
    expect(evidence.check(run('0 write =1 0..5', plan()), {}, {}).validity).toBe('valid');
  });

  it.each([
    ['imported', { world: 'imported' as const, ...plan(pause) }],
    ['without a plan', {}],
  ])('exempts histories that are %s', (_, header) => {
    expect(evidence.check(run('', header), {}, {})).toEqual({
      checker: 'evidence',
      validity: 'valid',
      anomalies: [],
      figures: { exempt: 'the history has no schedule' },
    });
  });
});

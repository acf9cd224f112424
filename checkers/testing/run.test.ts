import { describe, expect, it } from 'vitest';
import { run } from './run.ts';

describe('the notation of runs', () => {
  it('writes operations, faults, phases and observations in the order of time', () => {
    const history = run(`
      0 write x=1   10..20
      1 cas x=1>2   5..30 fail cas-mismatch
      2 read        7..
      3 read x=2    40..50 @final
      nemesis pause n1,n2 5..25 #0 bit
      phase final   35 {"recovered":true}
      always n1     12 "one leader" {"term":3}
    `);
    expect(history.events).toEqual([
      { index: 0, time: 5e6, process: 1, type: 'invoke', f: 'cas', key: 'x', value: [1, 2] },
      {
        index: 1,
        time: 5e6,
        process: 'nemesis',
        type: 'info',
        f: 'pause',
        value: { fault: 0, action: 'apply', targets: ['n1', 'n2'] },
      },
      { index: 2, time: 7e6, process: 2, type: 'invoke', f: 'read', value: null },
      { index: 3, time: 10e6, process: 0, type: 'invoke', f: 'write', key: 'x', value: 1 },
      { index: 4, time: 12e6, type: 'always', host: 'n1', kind: 'one leader', data: { term: 3 } },
      { index: 5, time: 20e6, process: 0, type: 'ok', f: 'write', key: 'x', value: 1 },
      {
        index: 6,
        time: 25e6,
        process: 'nemesis',
        type: 'info',
        f: 'pause',
        value: {
          fault: 0,
          action: 'heal',
          targets: ['n1', 'n2'],
          evidence: { outcome: 'bit', figures: {} },
        },
      },
      {
        index: 7,
        time: 30e6,
        process: 1,
        type: 'fail',
        f: 'cas',
        key: 'x',
        value: [1, 2],
        error: 'cas-mismatch',
      },
      {
        index: 8,
        time: 35e6,
        process: 'controller',
        type: 'info',
        f: 'phase',
        value: { name: 'final', recovered: true },
      },
      { index: 9, time: 40e6, process: 3, type: 'invoke', f: 'read', key: 'x', phase: 'final', value: null },
      { index: 10, time: 50e6, process: 3, type: 'ok', f: 'read', key: 'x', phase: 'final', value: 2 },
    ]);
  });

  it('refuses a line that it does not understand', () => {
    expect(() => run('0 write x=1')).toThrow('expected: PROCESS F KEY=VALUE FROM..UNTIL [OUTCOME]');
  });
});

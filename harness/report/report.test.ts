import { describe, expect, it } from 'vitest';
import type { ReportedCampaign } from './campaign.ts';
import { describeCampaign } from './campaign.ts';
import { annotationsOf } from './github.ts';
import { toJunit } from './junit.ts';
import { describeFault } from './schedule.ts';

const campaign: ReportedCampaign = {
  system: './my <"system">.ts',
  flaws: ['a&b'],
  from: 1,
  planned: 3,
  ran: 3,
  validity: 'invalid',
  counts: { valid: 1, invalid: 1, unknown: 1 },
  failures: [
    {
      signature: { checker: 'linearizable', anomaly: 'nonlinearizable' },
      seeds: [2],
      first: {
        seed: 2,
        validity: 'invalid',
        reasons: [],
        verdicts: [
          {
            checker: 'linearizable',
            validity: 'invalid',
            anomalies: [
              {
                name: 'nonlinearizable',
                key: 'x',
                explanation: 'read 3 < 4 & "\u0007\ud800"',
                operations: [1],
              },
            ],
            figures: {},
          },
        ],
        faults: [],
        operations: 10,
        events: 100,
        simulated: 1e9,
        realMilliseconds: 5,
        history: '.sixways/my-2.jsonl',
      },
    },
  ],
  unknown: [{ seed: 3, reasons: ['hang: 100%\nof it'] }],
  faults: [{ fault: 'crash', scheduled: 4, runs: 2, bit: 1, masked: 0, noEffect: 1 }],
  operations: 30,
  succeeded: 27,
  events: 300,
  simulated: 3e9,
  realMilliseconds: 1500,
  reasons: [],
};

describe('reports', () => {
  it('JUnit: escaped, counted, without characters that XML cannot hold', () => {
    expect(toJunit([campaign])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="./my &lt;&quot;system&quot;&gt;.ts+a&amp;b" tests="3" failures="1" errors="1" time="1.500">
    <testcase classname="./my &lt;&quot;system&quot;&gt;.ts+a&amp;b" name="linearizable: nonlinearizable">
      <failure message="first by seed 2">read 3 &lt; 4 &amp; &quot;&quot;

seeds: 2
replay: sixways replay .sixways/my-2.jsonl</failure>
    </testcase>
    <testcase classname="./my &lt;&quot;system&quot;&gt;.ts+a&amp;b" name="unknown">
      <error message="1 without a verdict">seed 3: hang: 100%
of it</error>
    </testcase>
    <testcase classname="./my &lt;&quot;system&quot;&gt;.ts+a&amp;b" name="1 seeds valid"/>
  </testsuite>
</testsuites>
`);
  });

  it('GitHub: one annotation for each kind of failure, on one line each', () => {
    expect(annotationsOf({ ...campaign, system: './a,b:c.ts' })).toEqual([
      '::error title=sixways ./a%2Cb%3Ac.ts::linearizable: nonlinearizable by seed 2; replay: sixways replay .sixways/my-2.jsonl',
      '::warning title=sixways ./a%2Cb%3Ac.ts::unknown: seed 3: hang: 100%25%0Aof it',
    ]);
  });

  it('a terminal: counts, faults, what is unknown, how to replay', () => {
    const text = describeCampaign(campaign);
    expect(text).toContain('3 of 3 seeds from 1: 1 valid, 1 invalid, 1 unknown');
    expect(text).toContain('FAILED linearizable: nonlinearizable, first by seed 2');
    expect(text).toContain('sixways replay .sixways/my-2.jsonl');
    expect(text).toMatch(/crash\s+│\s+4 │\s+2 │\s+1 │\s+0 │\s+1/);
  });

  it('a fault in words', () => {
    const fault = {
      at: 1.2e9,
      for: 3e8,
      fault: 'pause-process',
      target: { hosts: ['n3', 'n4'] },
      parameters: { what: 'process' },
    };
    expect(describeFault(fault)).toBe('at 1.2s for 300ms: pause-process on n3, n4 (what "process")');
  });
});

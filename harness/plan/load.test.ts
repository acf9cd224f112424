import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import { type Json, MILLISECOND, type Plan, SECOND } from '../contract/index.ts';
import { generatePlan } from './generate.ts';
import { isTolerated, type Known, parsePlan, requireLevers } from './load.ts';
import { PlanError } from './plan-error.ts';
import { publishedPlanSchema } from './schema.ts';
import { withTolerance, workloadNamed } from './testing.ts';

const system = withTolerance([
  { fault: 'crash', atOnce: 'minority' },
  { fault: 'packet-delay', atOnce: 'all' },
]);
const bare: Known = { nemeses };
const known: Known = {
  nemeses,
  systems: [system],
  checkers: [{ name: 'linearizable', options: { type: 'object', additionalProperties: false } }],
};

const generated = generatePlan({ seed: 5, system, nemeses, clients: 2 });

/** A generated plan with one thing changed: `['schedule', 0, 'at'], value`. Undefined removes it. */
function altered(path: readonly (string | number)[], value: unknown): Json {
  const plan = structuredClone({ ...generated, schedule: [delay()] }) as { [key: string]: unknown };
  let place = plan as { [key: string | number]: unknown };
  for (const step of path.slice(0, -1)) place = place[step] as { [key: string | number]: unknown };
  const last = path.at(-1)!;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return plan as { readonly [key: string]: Json };
}

function delay(): Plan['schedule'][number] {
  return {
    at: 0,
    for: SECOND,
    fault: 'packet-delay',
    target: { hosts: ['n1'] },
    parameters: { delay: MILLISECOND, jitter: 0 },
  };
}

function errorOf(source: string | Json, names: Known = bare): PlanError {
  try {
    parsePlan(source, names);
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('the plan was accepted');
}

describe('parsePlan', () => {
  it('reads back what generatePlan wrote, as text or as data', () => {
    for (let seed = 0; seed < 30; seed++) {
      const plan = generatePlan({ seed, system, nemeses });
      expect(JSON.stringify(parsePlan(JSON.stringify(plan), known))).toBe(JSON.stringify(plan));
      expect(parsePlan(JSON.parse(JSON.stringify(plan)) as Json, bare)).toEqual(plan);
    }
  });

  it('completes a plan of few lines from its system, with durations as text', () => {
    const plan = parsePlan(
      `{
        "seed": 1,
        "system": { "name": "example" },
        "workload": { "clients": 3, "timeout": "250ms" },
        "phases": { "faults": "2s" },
        "schedule": [
          { "at": "1.5s", "for": "100ms", "fault": "packet-delay", "target": { "hosts": ["n2"] }, "parameters": { "delay": "20ms" } },
          { "at": 0, "fault": "crash", "target": { "role": "leader", "index": 0 } }
        ]
      }`,
      known,
    );
    expect(plan.system).toEqual({ name: 'example', options: { nodes: 5 }, flaws: [] });
    expect(plan.workload).toEqual({
      name: 'registers',
      options: { keys: 4 },
      clients: 3,
      rate: 50,
      timeout: 250 * MILLISECOND,
    });
    expect(plan.phases).toEqual({ warmUp: SECOND, faults: 2 * SECOND });
    expect(plan.schedule).toEqual([
      {
        at: 1.5 * SECOND,
        for: 100 * MILLISECOND,
        fault: 'packet-delay',
        target: { hosts: ['n2'] },
        parameters: { delay: 20 * MILLISECOND, jitter: 10 * MILLISECOND },
      },
      { at: 0, fault: 'crash', target: { role: 'leader', index: 0 }, parameters: { moment: 'now' } },
    ]);
    expect(plan.topology.datacenters[0]!.racks.flatMap(({ hosts }) => hosts)).toHaveLength(8);
    expect(plan.checkers).toEqual([{ name: 'linearizable' }]);
    expect(plan.beyond).toBe(false);
  });

  it('refuses what is not JSON', () => {
    const error = errorOf('{"seed": NaN}');
    expect(error.code).toBe('not-json');
    expect(error.message).toMatch(/^the plan: expected JSON \(.*\), found "\{\\"seed\\": NaN\}"$/);
    expect(errorOf('[]').message).toMatch(/^the plan: expected a value that must be object/);
  });

  it.each<[string, (string | number)[], unknown, string]>([
    ['a missing part', ['topology'], undefined, '/topology: expected this property, found nothing'],
    ['an unknown part', ['sedd'], 1, '/sedd: expected one of sixways, seed'],
    ['another version', ['sixways'], 2, '/sixways: expected 1, found 2'],
    ['a negative seed', ['seed'], -1, '/seed: expected a value that must be >= 0'],
    ['a seed that is not a number', ['seed'], Number.NaN, '/seed: expected a value that must be'],
    [
      'an infinite rate',
      ['workload', 'rate'],
      Number.POSITIVE_INFINITY,
      '/workload/rate: expected a value that must be',
    ],
    ['a share above 1', ['world', 'loss'], 1.5, '/world/loss: expected a value that must be <= 1'],
    [
      'a duration with a blank',
      ['phases', 'faults'],
      '2 s',
      '/phases/faults: expected a duration such as 250ms or 1.5s',
    ],
    [
      'a negative duration',
      ['schedule', 0, 'at'],
      '-1s',
      '/schedule/0/at: expected a value that must be >= 0',
    ],
    ['half a nanosecond', ['schedule', 0, 'for'], 0.5, '/schedule/0/for: expected a value that must be'],
    [
      'a fault after the phase',
      ['schedule', 0, 'at'],
      '1h',
      '/schedule/0/at: expected an instant within the fault phase',
    ],
    [
      'two targets',
      ['schedule', 0, 'target'],
      { hosts: ['n1'], racks: ['r1'] },
      '/schedule/0/target: expected for packet-delay, exactly one of: hosts, role with index, racks, datacenters',
    ],
    [
      'no target',
      ['schedule', 0, 'target'],
      {},
      '/schedule/0/target: expected for packet-delay, exactly one of',
    ],
    [
      'a target of a form that the fault does not know',
      ['schedule', 0, 'target'],
      { cables: ['x'] },
      '/schedule/0/target: expected for packet-delay',
    ],
    [
      'a role without index',
      ['schedule', 0, 'target'],
      { role: 'leader' },
      '/schedule/0/target: expected for packet-delay',
    ],
    [
      'a host that does not exist',
      ['schedule', 0, 'target'],
      { hosts: ['n1', 'n9'] },
      '/schedule/0/target/hosts/1: expected one of n1, c1, n2',
    ],
    [
      'an unknown fault',
      ['schedule', 0, 'fault'],
      'packet-dely',
      '/schedule/0/fault: expected one of bad-sector',
    ],
    [
      'an unknown parameter',
      ['schedule', 0, 'parameters'],
      { dely: 1 },
      '/schedule/0/parameters/dely: expected one of delay, jitter, found "dely"',
    ],
    [
      'a parameter of the wrong type',
      ['schedule', 0, 'parameters'],
      { delay: [] },
      '/schedule/0/parameters/delay: expected a value that must be integer (added to the latency of each packet), found []',
    ],
    [
      'half an operation',
      ['workload', 'only'],
      [[1]],
      '/workload/only/0: expected a value that must NOT have fewer than 2 items',
    ],
  ])('refuses %s', (_, path, value, message) => {
    const error = errorOf(altered(path, value));
    expect(error.message.startsWith(message), error.message).toBe(true);
  });

  it('names the nearest fault and host', () => {
    expect(errorOf(altered(['schedule', 0, 'fault'], 'packet-dely')).message).toContain(
      '(did you mean packet-delay?)',
    );
    expect(errorOf(altered(['schedule', 0, 'target'], { racks: ['r11'] })).message).toContain(
      '(did you mean r1?)',
    );
  });

  it('refuses a topology with two hosts of one name, without clients, or with a cable to nowhere', () => {
    const rack = {
      name: 'r1',
      row: 'a',
      hosts: [
        { name: 'n1', role: 'server' },
        { name: 'n1', role: 'client' },
      ],
    };
    const twice = { datacenters: [{ name: 'dc1', clusterSwitches: 1, racks: [rack] }], cables: [] };
    expect(errorOf(altered(['topology'], twice)).message).toBe(
      '/topology: expected distinct names of hosts, found "n1"',
    );
    const servers = { ...rack, hosts: [{ name: 'n1', role: 'server' }] };
    const nobody = { ...twice, datacenters: [{ ...twice.datacenters[0]!, racks: [servers] }] };
    expect(errorOf(altered(['topology'], nobody)).message).toBe(
      '/topology: expected at least one host of role client, found ["n1"]',
    );
    const cable = { name: 'sea', between: ['dc1', 'dc7'], latency: '30ms' };
    expect(errorOf(altered(['topology', 'cables'], [cable])).message).toBe(
      '/topology/cables/0/between/1: expected one of dc1 (did you mean dc1?), found "dc7"',
    );
  });

  it('checks system, flaws, options and checkers where they are known', () => {
    expect(errorOf(altered(['system', 'name'], 'exampel'), known)).toMatchObject({
      code: 'unknown-name',
      pointer: '/system/name',
      expected: 'one of example (did you mean example?)',
    });
    expect(errorOf(altered(['system', 'flaws'], ['forget']), known).pointer).toBe('/system/flaws/0');
    expect(errorOf(altered(['system', 'options'], { nodes: 'five' }), known).pointer).toBe(
      '/system/options/nodes',
    );
    expect(errorOf(altered(['checkers'], [{ name: 'linear' }]), known).pointer).toBe('/checkers/0/name');
    expect(
      errorOf(altered(['checkers'], [{ name: 'linearizable', options: { deep: 1 } }]), known).pointer,
    ).toBe('/checkers/0/options/deep');
  });

  it('refuses a workload that needs operations which the system lacks', () => {
    const workloads = [workloadNamed('registers', 'read', 'write'), workloadNamed('lock', 'acquire')];
    const names: Known = { ...known, workloads };
    expect(parsePlan(altered(['seed'], 1), names).workload.name).toBe('registers');
    expect(errorOf(altered(['workload', 'name'], 'lock'), names)).toMatchObject({
      code: 'operations',
      message:
        '/workload/name: expected a workload that example has the operations of, such as registers (it lacks acquire), found "lock"',
    });
  });

  it('refuses a schedule beyond the tolerance, unless it says so', () => {
    const crash = { at: 7, fault: 'crash', target: { hosts: ['n1', 'n2', 'n3'] }, parameters: {} };
    const kill = { ...crash, fault: 'kill' };
    expect(errorOf(altered(['schedule'], [delay(), crash]), known).message).toMatch(
      /^\/schedule\/1: expected at most 2 hosts of budget crash hit at once \(here 3\), or "beyond": true, found /,
    );
    expect(errorOf(altered(['schedule'], [delay(), kill]), known).message).toMatch(
      /^\/schedule\/1: expected a fault that example tolerates on these hosts with these parameters, or "beyond": true, found /,
    );
    const beyond = { ...generated, beyond: true, schedule: [crash, kill] };
    expect(parsePlan(JSON.stringify(beyond), known).schedule).toHaveLength(2);
    const recorded = altered(['schedule'], [kill]);
    expect(parsePlan(recorded, { ...known, tolerance: false }).schedule).toHaveLength(1);
  });

  it('refuses parameters beyond those that the table prescribes, and accepts milder ones', () => {
    const slow = withTolerance([
      { fault: 'packet-delay', atOnce: 'all', parameters: { delay: MILLISECOND } },
    ]);
    const names: Known = { nemeses, systems: [slow] };
    const plan = parsePlan(altered(['schedule', 0, 'parameters'], { delay: '0.5ms', jitter: 0 }), names);
    expect(isTolerated(plan, slow, nemeses)).toBe(true);
    expect(errorOf(altered(['schedule', 0, 'parameters'], { delay: '2ms' }), names).code).toBe(
      'not-tolerated',
    );
  });
});

describe('requireLevers', () => {
  it('names the fault and the lever that the world lacks', () => {
    const plan = { ...generated, schedule: [delay()] };
    expect(() => requireLevers(plan, nemeses, new Set(['kill', 'packets']))).not.toThrow();
    expect(() => requireLevers(plan, nemeses, new Set(['power', 'kill']))).toThrow(
      '/schedule/0/fault: expected a fault that this world can cause (it has the levers kill, power; packet-delay needs packets), found "packet-delay"',
    );
  });
});

describe('the published schema', () => {
  it('accepts generated plans, and durations as text', () => {
    const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false }).compile(
      publishedPlanSchema(),
    );
    expect(validate(generated), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(altered(['phases', 'faults'], '2.5s'))).toBe(true);
    expect(validate(altered(['phases', 'faults'], 'soon'))).toBe(false);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';

const folder = folderWith({ 'not-json.json': '{"sixways": 1,', 'file.txt': '' });
afterAll(folder.remove);

const COMMANDS = [
  'run',
  'test',
  'compare',
  'replay',
  'shrink',
  'check',
  'convert',
  'verify',
  'flaws',
  'plan',
  'list',
  'schema',
  'init',
];

describe('sixways', () => {
  it('names every command, and the exit codes', async () => {
    const { exitCode, stdout } = await sixways(['--help']);
    expect(exitCode).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout).toContain('Exit codes: 0 valid, 1 invalid, 2 unknown, 64 bad usage');
  });

  it.concurrent.each(COMMANDS)('%s --help has examples and --json', async (command) => {
    const { exitCode, stdout } = await sixways([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n {2}sixways ${command} `));
    expect(stdout).toContain('--json');
  });
});

describe.concurrent('bad usage: one message, exit code 64', () => {
  it.each([
    [['tset'], /^error: unknown command 'tset'\n\(Did you mean test\?\)/],
    [['run'], /^error: missing required argument 'system'/],
    [['run', 'raft', '--sed', '3'], /^error: unknown option '--sed'\n\(Did you mean --seed\?\)/],
    [
      ['run', 'raft', '--seed', '1.5'],
      /'--seed <n>' argument '1\.5' is invalid\. expected a whole number, 0 or more/,
    ],
    [['run', 'raft', '--time', '-3s'], /argument '-3s' is invalid\. expected a duration/],
    [['run', 'raft', '--options', '{x'], /argument '\{x' is invalid\. expected JSON: /],
    [['test'], /expected names of systems or --all, got neither/],
    [['test', 'raft', '--all'], /expected names of systems or --all, got both/],
    [['test', 'raft', '--shard', '3/2'], /argument '3\/2' is invalid\. expected i\/n with 1 <= i <= n/],
    [
      ['run', 'raft', '--plan', 'p.json', '--seed', '4'],
      /'--plan <file>' cannot be used with option '--seed <n>'/,
    ],
    [['run', 'raft', '--plan', 'p.json', '--time', '4s'], /cannot be used with option '--time <duration>'/],
    [['list', 'nemesis'], /Allowed choices are systems, nemeses, checkers, workloads/],
    [
      ['run', 'single-servre'],
      /^sixways: unknown system "single-servre": .*\(did you mean single-server\?\)/,
    ],
    [
      ['run', 'raft', '--faults', 'packet-los'],
      /^sixways: --faults: .*\(did you mean packet-loss\?\), found "packet-los"/,
    ],
    [['run', 'raft', '--flaw', 'log-not-sync'], /^sixways: --flaw: .*\(did you mean log-not-synced\?\)/],
    [
      ['run', 'raft', '--workload', 'list-append'],
      /^sixways: --workload: expected a workload that raft has the operations of, such as register, .*\(it lacks txn, txn\/r, txn\/append\), found "list-append"/,
    ],
    [['run', 'raft', '--workload', 'regster'], /^sixways: --workload: .*\(did you mean register\?\)/],
    [
      ['run', 'raft', '--options', '{"serverz":3}'],
      /^sixways: --options\/serverz: expected one of servers, .*found "serverz"/,
    ],
    [
      ['run', 'raft', '--options', '{"servers":"x"}'],
      /^sixways: --options\/servers: expected a value that must be integer.*found "x"/,
    ],
    [
      ['schema', 'nemesis', 'packet-lss'],
      /^sixways: schema nemesis: .*\(did you mean packet-loss\?\), got "packet-lss"/,
    ],
    [['run', './missing.ts'], /^sixways: \.\/missing\.ts: expected a file with a system, got no such file/],
    [
      ['run', 'raft', '--plan', 'missing.json'],
      /^sixways: missing\.json: expected a file with a plan, got no such file/,
    ],
    [['run', 'raft', '--plan', 'not-json.json'], /^sixways: not-json\.json: the plan: expected JSON \(/],
    [
      ['run', 'single-server', '--time', '1s', '--out', 'no/where.jsonl'],
      /^sixways: no\/where\.jsonl: .*no such file or directory/,
    ],
    [
      ['test', 'single-server', '--keep', 'file.txt'],
      /^sixways: --keep: expected a folder to write to, got a file: file\.txt/,
    ],
    [
      ['test', 'single-server', '--junit', 'no/where.xml'],
      /^sixways: --junit: expected a file that can be written, got no\/where\.xml: its folder does not exist/,
    ],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await sixways(args, { cwd: folder.path });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
  });
});

describe('what there is', () => {
  it.concurrent.each(['systems', 'nemeses', 'checkers', 'workloads'])('list %s', async (kind) => {
    const { stdout } = await sixways(['list', kind, '--json']);
    const rows = JSON.parse(stdout) as { readonly name: string; readonly summary: string }[];
    expect(rows.length).toBeGreaterThan(0);
    for (const { name, summary } of rows) expect([name, summary]).toEqual([name, expect.stringMatching(/./)]);
  });

  it.concurrent.each([['plan'], ['history'], ['nemesis', 'packet-loss']])('schema %s %s', async (...args) => {
    const { exitCode, stdout } = await sixways(['schema', ...args]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });
});

describe('plans by hand', () => {
  interface Part {
    [name: string]: unknown;
  }
  let plan: { system: Part; phases: Part; workload: Part; schedule: Part[]; beyond: boolean };

  beforeAll(async () => {
    const { exitCode, stdout } = await sixways([
      'plan',
      'single-server',
      '--seed',
      '3',
      '--time',
      '1s',
      '--faults',
      'none',
    ]);
    expect(exitCode).toBe(0);
    plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ sixways: 1, seed: 3, system: { name: 'single-server' }, schedule: [] });
  });

  const fault = { at: 0, for: '100ms', fault: 'packet-loss', target: { hosts: ['n1'] }, parameters: {} };

  it.concurrent.each([
    [
      'a wrong type',
      () => ({ ...plan, phases: { ...plan.phases, faults: true } }),
      /\/phases\/faults: expected .*found true/,
    ],
    [
      'a negative duration',
      () => ({ ...plan, phases: { ...plan.phases, warmUp: -5 } }),
      /\/phases\/warmUp: expected .*found -5/,
    ],
    ['an unknown property', () => ({ ...plan, fautls: [] }), /\/fautls: expected one of .*found "fautls"/],
    [
      'a missing property',
      () => ({ ...plan, system: { options: {} } }),
      /\/system\/name: expected this property, found nothing/,
    ],
    [
      'another system',
      () => ({ ...plan, system: { ...plan.system, name: 'raft' } }),
      /\/system\/name: expected one of single-server.*found "raft"/,
    ],
    [
      'options that do not fit',
      () => ({ ...plan, system: { ...plan.system, options: { slotBytes: 1 } } }),
      /\/system\/options\/slotBytes: expected .*found 1/,
    ],
    [
      'an unknown flaw',
      () => ({ ...plan, system: { ...plan.system, flaws: ['memory-unchecked'] } }),
      /\/system\/flaws\/0: .*did you mean memory-not-checked/,
    ],
    [
      'an unknown fault',
      () => ({ ...plan, schedule: [{ ...fault, fault: 'packet-los' }] }),
      /\/schedule\/0\/fault: .*\(did you mean packet-loss\?\)/,
    ],
    [
      'an unknown host',
      () => ({ ...plan, schedule: [{ ...fault, target: { hosts: ['n9'] } }] }),
      /\/schedule\/0\/target\/hosts\/0: expected one of .*found "n9"/,
    ],
    [
      'a fault after the phase',
      () => ({ ...plan, schedule: [{ ...fault, at: '2m' }] }),
      /\/schedule\/0\/at: expected an instant within the fault phase/,
    ],
    [
      'an unknown parameter',
      () => ({ ...plan, schedule: [{ ...fault, parameters: { lost: 1 } }] }),
      /\/schedule\/0\/parameters\/lost: expected/,
    ],
    [
      'a fault beyond the tolerance',
      () => ({
        ...plan,
        schedule: [{ at: 0, fault: 'disk-destroyed', target: { hosts: ['n1'] }, parameters: {} }],
      }),
      /\/schedule\/0: expected a fault that single-server tolerates on these hosts.*, or "beyond": true/,
    ],
  ])('%s', async (what, make, message) => {
    const file = `${what.replaceAll(' ', '-')}.json`;
    const bad = folderWith({ [file]: JSON.stringify(make()) });
    const { exitCode, stdout, stderr } = await sixways(['run', 'single-server', '--plan', file], {
      cwd: bad.path,
    });
    bad.remove();
    expect(stderr).toMatch(message);
    expect(stderr.startsWith(`sixways: ${file}: `)).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
  });

  it('a plan whose every fault had no effect proves nothing, and each is named', async () => {
    const idle = {
      ...plan,
      schedule: [
        { at: '100ms', for: '1us', fault: 'packet-delay', target: { hosts: ['n1'] }, parameters: {} },
        { at: '200ms', for: '1us', fault: 'packet-delay', target: { hosts: ['n1'] }, parameters: {} },
      ],
    };
    const files = folderWith({ 'plan.json': JSON.stringify(idle) });
    const run = await sixways(['run', 'single-server', '--plan', 'plan.json'], { cwd: files.path });
    const allowed = await sixways(
      ['run', 'single-server', '--plan', 'plan.json', '--allow-unknown', '--json'],
      {
        cwd: files.path,
      },
    );
    files.remove();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toMatch(/seed 3: unknown/);
    expect(run.stdout.match(/packet-delay/g)!.length).toBeGreaterThanOrEqual(2);
    expect(allowed.exitCode).toBe(0);
    expect(JSON.parse(allowed.stdout)).toMatchObject({
      validity: 'unknown',
      faults: [{ outcome: 'no-effect' }, { outcome: 'no-effect' }],
    });
  });
});

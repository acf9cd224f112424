import { appendFileSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';

const HEADER = '{"sixways":1,"world":"imported"}';
const INVOKE = '{"index":0,"time":0,"process":0,"type":"invoke","f":"write","value":1}';
const OK = '{"index":1,"time":5,"process":0,"type":"ok","f":"write","value":1}';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** What each file holds, and what is said about it. */
const MALFORMED: readonly (readonly [name: string, content: string | Buffer, message: RegExp])[] = [
  ['empty', '', /empty\.jsonl: expected a history, got an empty file/],
  [
    'binary',
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]),
    /binary\.jsonl: expected a history as text, got binary data/,
  ],
  ['no-header', lines(INVOKE), /no-header\.jsonl/],
  [
    'newer',
    lines('{"sixways":2,"world":"imported"}'),
    /newer\.jsonl:1: \/sixways: expected format version 1 or an older one, got 2/,
  ],
  ['not-json', lines(HEADER, INVOKE, '{"index":1,'), /not-json\.jsonl:3:12: /],
  [
    'nan',
    lines(HEADER, '{"index":0,"time":NaN,"process":0,"type":"invoke","f":"w","value":1}'),
    /nan\.jsonl:2:19: .*NaN/,
  ],
  [
    'huge',
    lines(HEADER, INVOKE.replace('"value":1', '"value":1e999')),
    /huge\.jsonl:2: \/value: expected a finite number, got Infinity/,
  ],
  [
    'wrong-type',
    lines(HEADER, INVOKE.replace('"time":0', '"time":"0"')),
    /wrong-type\.jsonl:2: \/time: expected .*got "0"/,
  ],
  [
    'duplicate',
    lines(HEADER, INVOKE, OK, OK.replace('"index":1', '"index":2')),
    /duplicate\.jsonl:4: \/process: expected one completion of operation 0 of process 0, got a second one/,
  ],
  [
    'orphan',
    lines(HEADER, OK.replace('"index":1', '"index":0')),
    /orphan\.jsonl:2: \/process: expected an invocation of process 0 before its completion, got none/,
  ],
  [
    'gap',
    lines(HEADER, INVOKE, OK.replace('"index":1', '"index":2')),
    /gap\.jsonl:3: \/index: expected 1, the next index, got 2/,
  ],
];

const files = folderWith();
const at = (name: string): string => join(files.path, name);

beforeAll(() => {
  mkdirSync(at('folder'));
  for (const [name, content] of MALFORMED) writeFileSync(at(`${name}.jsonl`), content);
  writeFileSync(at('good.jsonl'), lines(HEADER, INVOKE, OK));
  // Says at its end how much memory the process had at most, in kilobytes.
  writeFileSync(
    at('memory.mjs'),
    "import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(process.env.MEMORY_FILE, String(process.resourceUsage().maxRSS)));\n",
  );
});
afterAll(files.remove);

describe.concurrent('malformed histories: one message with place, expectation and value; exit code 64', () => {
  it.each([
    ...MALFORMED.map(([name, , message]) => [`${name}.jsonl`, message] as const),
    ['missing.jsonl', /missing\.jsonl: expected a history, got no such file/],
    ['folder', /folder: expected a history, got a directory/],
  ] as const)('%s', async (file, message) => {
    const { exitCode, stdout, stderr } = await sixways(['check', file, '--format', 'sixways'], {
      cwd: files.path,
    });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
  });

  it('a line of 200 MiB is refused without being held in memory', async () => {
    const stream = createWriteStream(at('long.jsonl'));
    stream.write(`${HEADER}\n{"index":0,"time":0,"process":0,"type":"invoke","f":"w","value":"`);
    const piece = 'x'.repeat(1 << 20);
    for (let i = 0; i < 200; i++)
      if (!stream.write(piece)) await new Promise((done) => stream.once('drain', () => done(undefined)));
    await new Promise<void>((done) => stream.end('"}\n', done));
    const peaks: number[] = [];
    for (const file of ['good.jsonl', 'long.jsonl']) {
      const { exitCode, stderr } = await sixways(['check', file], {
        cwd: files.path,
        env: { NODE_OPTIONS: `--import ${at('memory.mjs')}`, MEMORY_FILE: at(`${file}.memory`) },
      });
      expect([file, exitCode]).toEqual([file, file === 'good.jsonl' ? 0 : 64]);
      if (file === 'long.jsonl')
        expect(stderr).toMatch(/long\.jsonl:2: expected a line of at most 16777216 bytes, got a longer one/);
      peaks.push(Number(readFileSync(at(`${file}.memory`), 'utf8')));
    }
    // In kilobytes: whoever held it had 200 MiB more. Pieces that were read and await collection are some 60 to 100, as busy as the machine is.
    expect(peaks[1]! - peaks[0]!).toBeLessThan(150 * 1024);
  });

  it('one that was cut off is judged as far as it goes, and says so', async () => {
    writeFileSync(at('cut.jsonl'), lines(HEADER, INVOKE, OK));
    appendFileSync(at('cut.jsonl'), '{"index":2,"time":9,"proc');
    const { exitCode, stdout } = await sixways(['check', 'cut.jsonl'], { cwd: files.path });
    expect(stdout).toMatch(
      /^cut\.jsonl: (valid|unknown) \(1 operations, sixways\)\n[\s\S]*cut off at line 4/,
    );
    expect([0, 2]).toContain(exitCode);
  });
});

describe.concurrent('check', () => {
  const bad = lines(
    HEADER,
    INVOKE,
    OK,
    '{"index":2,"time":6,"process":0,"type":"invoke","f":"read","value":null}',
    '{"index":3,"time":9,"process":0,"type":"ok","f":"read","value":2}',
  );

  it('says what is wrong with several histories, as text and as JSON', async () => {
    writeFileSync(at('bad.jsonl'), bad);
    const [text, json] = await Promise.all([
      sixways(['check', 'good.jsonl', 'bad.jsonl'], { cwd: files.path }),
      sixways(['check', 'good.jsonl', 'bad.jsonl', '--json', '--model', 'register'], { cwd: files.path }),
    ]);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toContain('bad.jsonl: invalid (2 operations, sixways)');
    expect(text.stdout).toContain('nonlinearizable');
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { file: 'good.jsonl', validity: 'valid' },
      { file: 'bad.jsonl', validity: 'invalid', verdicts: [{ checker: 'linearizable' }] },
    ]);
  });

  it.each([
    [
      'bank',
      '{:process 0, :type :invoke, :f :transfer, :value {:from 0, :to 1, :amount 3}} {:process 1, :type :invoke, :f :read, :value nil} {:process 1, :type :ok, :f :read, :value {0 7, 1 10}} {:process 2, :type :invoke, :f :read, :value nil} {:process 2, :type :ok, :f :read, :value {0 7, 1 13}}',
      'wrong-total',
    ],
    [
      'adya-g2',
      '{:process 0, :type :invoke, :f :insert, :value [1 [1 nil]]} {:process 1, :type :invoke, :f :insert, :value [1 [nil 2]]} {:process 0, :type :ok, :f :insert, :value [1 [1 nil]]} {:process 1, :type :ok, :f :insert, :value [1 [nil 2]]}',
      'G2',
    ],
  ])('takes foreign operations for what they are: %s', async (checker, edn, anomaly) => {
    writeFileSync(at(`${checker}.edn`), edn);
    const { stdout } = await sixways(
      ['check', `${checker}.edn`, '--keyed', checker === 'bank' ? 'false' : 'true', '--json'],
      { cwd: files.path },
    );
    expect(JSON.parse(stdout)).toMatchObject([{ verdicts: [{ checker, anomalies: [{ name: anomaly }] }] }]);
  });

  it.each([
    ['of one alone', 'linearizable', '{"model":"register","initial":7}', ['invalid']],
    ['of one under its name', 'linearizable', '{"linearizable":{"initial":7}}', ['invalid']],
    [
      'of each under its name',
      'linearizable,stats',
      '{"stats":{"ignore":["write"]},"linearizable":{"initial":7}}',
      ['invalid', 'valid'],
    ],
    ['of some', 'linearizable,stats', '{"linearizable":{"initial":1}}', ['valid', 'unknown']],
  ])('takes options %s', async (what, checkers, options, validities) => {
    const failed = lines(
      HEADER,
      '{"index":0,"time":0,"process":0,"type":"invoke","f":"write","value":9}',
      '{"index":1,"time":1,"process":0,"type":"fail","f":"write","value":9}',
      '{"index":2,"time":2,"process":0,"type":"invoke","f":"read","value":null}',
      '{"index":3,"time":3,"process":0,"type":"ok","f":"read","value":1}',
    );
    // One of its own for each test: they run beside each other.
    const file = `failed-${what.replaceAll(' ', '-')}.jsonl`;
    writeFileSync(at(file), failed);
    const { stdout, stderr } = await sixways(
      ['check', file, '--checker', checkers, '--checker-options', options, '--json'],
      { cwd: files.path },
    );
    expect(stderr).toBe('');
    const [{ verdicts }] = JSON.parse(stdout) as [{ verdicts: { validity: string }[] }];
    expect(verdicts.map(({ validity }) => validity)).toEqual(validities);
  });

  it.each([
    [['--checker', 'linearisable'], /checker "linearisable": expected one of linearizable, /],
    [['--checker-options', '{"modle":"register"}'], /modle/],
    [['--checker-options', '[1]'], /^sixways: --checker-options: expected an object of options, got \[1\]$/],
    [
      ['--checker', 'linearizable,stats', '--checker-options', '{"model":"register"}'],
      /^sixways: --checker-options\/model: expected options under the name of their checker, one of linearizable, stats, got "model"$/,
    ],
    [
      ['--checker', 'linearizable,stats', '--checker-options', '{"stat":{}}'],
      /^sixways: --checker-options\/stat: .*\(did you mean stats\?\), got "stat"$/,
    ],
    [
      ['--checker', 'linearizable,stats', '--checker-options', '{"stats":["write"]}'],
      /^sixways: --checker-options\/stats: expected the options of stats as an object, got \["write"\]$/,
    ],
    [
      ['--checker', 'linearizable,stats', '--checker-options', '{"stats":{"ignore":"write"}}'],
      /^sixways: checker "stats", option \/ignore: must be array, got "write"$/,
    ],
    [
      ['--checker', 'stats', '--failed-cas', 'observe'],
      /^sixways: --failed-cas: expected --checker linearizable, whose option it is, got --checker stats$/,
    ],
    [['--model', 'regster'], /Allowed choices are /],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stderr } = await sixways(['check', 'good.jsonl', ...flags], { cwd: files.path });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });
});

describe.concurrent('check of a part, and by a mapping', () => {
  const logs = folderWith({
    'requests.csv': 'start,end,who,what,value\n0,1,a,write,1\n2,3,a,write,2\n4,5,b,read,1\n6,7,b,read,2\n',
    'mapping.json':
      '{"format":"csv","process":"who","f":"what","value":"value","start":{"from":"start","unit":"s"},"end":{"from":"end","unit":"s"}}',
    'wrong.json': '{"format":"csv","process":"who","f":"what","start":{"from":"start","unit":"h"}}',
  });
  afterAll(logs.remove);
  const check = (...args: string[]) =>
    sixways(['check', 'requests.csv', '--mapping', 'mapping.json', ...args], { cwd: logs.path });

  it('a production log', async () => {
    const { exitCode, stdout } = await check('--checker', 'linearizable');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('requests.csv: invalid (4 operations, mapped)');
  });

  it('the part from which nothing follows is valid', async () => {
    expect(await check('--checker', 'linearizable', '--from', '6s')).toMatchObject({ exitCode: 0 });
    expect(await check('--checker', 'linearizable', '--process', '0')).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await check('--checker', 'linearizable', '--key', 'x,7');
    expect(exitCode).toBe(2);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'no operation is in the part that was selected: on keys "x" and 7',
    );
  });

  it('a mapping that is wrong: one message, by its pointer', async () => {
    const { exitCode, stderr } = await sixways(['check', 'requests.csv', '--mapping', 'wrong.json'], {
      cwd: logs.path,
    });
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^sixways: wrong\.json: \/start\/unit: .*\(ns, us, ms, s, iso\), got "h"$/);
  });

  it('convert goes from format to format, the verdict stays', async () => {
    const steps = [
      ['requests.csv', 'a.jsonl', '--mapping', 'mapping.json'],
      ['a.jsonl', 'b.edn'],
      ['b.edn', 'c.log'],
    ];
    for (const step of steps)
      expect(await sixways(['convert', ...step], { cwd: logs.path })).toMatchObject({ exitCode: 0 });
    const args = ['check', 'c.log', '--checker', 'linearizable'];
    expect(await sixways(args, { cwd: logs.path })).toMatchObject({ exitCode: 1 });
    expect(await sixways(['convert', 'c.log', 'c.doc'], { cwd: logs.path })).toMatchObject({
      exitCode: 64,
      stderr: 'sixways: expected a name that ends in .jsonl, .edn, .log, .txt, or --to, got c.doc',
    });
  });
});

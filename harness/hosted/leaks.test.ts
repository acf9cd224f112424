import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runPrograms } from './testing/programs.ts';

/** Of the table in the README. */
const HEAD = '| planted leak | what is named | the remedy |\n|---|---|---|';

/** The process around, by a way that no module system can close. */
const OUTER = "const outer = Buffer.from.constructor('return globalThis')();";

/** Each planted leak with what its message must name: the call and the remedy. */
const NAMED: readonly (readonly [what: string, code: string, message: RegExp])[] = [
  [
    'a real timer in a dependency',
    `${OUTER} outer.setTimeout(() => {}, 1);`,
    /real timer.*program's own timers/,
  ],
  ['a real setImmediate', `${OUTER} outer.setImmediate(() => {});`, /real setImmediate/],
  [
    'a worker',
    "import { Worker } from 'worker-user'; new Worker('x');",
    /new worker_threads\.Worker\(\).*main thread/,
  ],
  [
    'a child process',
    "import { spawn } from 'worker-user'; spawn('ls');",
    /child_process\.spawn\(\).*programs? one of the system|child_process\.spawn\(\)/,
  ],
  ['dns of the outer realm', `${OUTER} outer.process.binding('cares_wrap');`, /process\.binding/],
  [
    'builtins of the outer realm',
    `${OUTER} outer.process.getBuiltinModule('fs');`,
    /getBuiltinModule\("fs"\).*require/,
  ],
  ['the real exit', `${OUTER} outer.process.exit(0);`, /process\.exit\(\).*own process/],
  [
    'a module loaded by a name made at run time',
    "await import('./' + 'other.js');",
    /name made at run time.*literal/,
  ],
  ['UDP', "import { dgram } from 'worker-user'; dgram.createSocket('udp4');", /dgram\.createSocket\(\).*TCP/],
  [
    'code in another realm',
    "import { vm } from 'worker-user'; vm.runInNewContext('Date.now()');",
    /vm\.runInNewContext\(\).*real clock/,
  ],
  [
    'a key drawn by OpenSSL',
    "import crypto from 'node:crypto'; crypto.generateKeyPairSync('ed25519');",
    /generateKeyPairSync\(\).*OpenSSL/,
  ],
  ['a native addon', "require('./addon.node');", /native addon.*allowNative/],
  [
    'a promise that the thread pool keeps',
    `${OUTER} outer.crypto.subtle.digest('SHA-256', Buffer.from('x'));`,
    /crypto on the real thread pool.*own crypto/,
  ],
  [
    'a compilation in the background',
    `${OUTER} outer.WebAssembly.compile(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]));`,
    /WebAssembly\.compile\(\).*compiles at once/,
  ],
  ['a message port', `${OUTER} new outer.MessageChannel();`, /message port.*main thread/],
  ['the memory of the real process', `${OUTER} outer.process.memoryUsage();`, /memoryUsage\(\).*own process/],
  ['the outer fetch', `${OUTER} outer.fetch('http://127.0.0.1:1/').catch(() => {});`, /real|outer/],
];

const PACKAGE = {
  'node_modules/worker-user/package.json': '{"name":"worker-user","main":"index.js"}',
  'node_modules/worker-user/index.js': `
    exports.Worker = require('worker_threads').Worker;
    exports.spawn = require('child_process').spawn;
    exports.dgram = require('dgram');
    exports.vm = require('vm');`,
  'addon.node': '',
};

describe('leaks end the run, by name', () => {
  const rows: string[] = [];

  test.each(NAMED)('%s', async (what, code, message) => {
    const { head, body } = hoisted(code);
    const run = runPrograms([`${head}try { ${body} } catch {}`], { files: PACKAGE, seconds: 1 });
    const { message: said } = await run.then(
      () => expect.fail('the run ended as if nothing were'),
      (error: Error) => error,
    );
    expect(said).toMatch(message);
    const [, call, remedy] = /^(.*?)(?: was used by .*?)?: (.*)$/s.exec(said)!;
    rows.push(`| ${what} | ${call} | ${remedy} |`);
  });

  test('the table of the README is what they say', () => {
    const readme = fileURLToPath(new URL('README.md', import.meta.url));
    const text = readFileSync(readme, 'utf8');
    const [before, after] = [text.indexOf(HEAD) + HEAD.length, text.indexOf('\n\n', text.indexOf(HEAD))];
    const table = rows.map((row) => `\n${row}`).join('');
    if (process.env.UPDATE_DOCS === '1')
      writeFileSync(readme, text.slice(0, before) + table + text.slice(after));
    else expect(text.slice(before, after)).toBe(table);
  });
});

/** Imports stand outside of the `try` that must not hide the leak. */
function hoisted(code: string): { readonly head: string; readonly body: string } {
  const [, head = '', body = ''] = /^((?:import [^;]*;)?)(.*)$/s.exec(code)!;
  return { head, body };
}

test('what cannot be told from outside is the same in every run', async () => {
  const code = `
    import path from 'node:path'; import url from 'node:url';
    ${OUTER}
    const print = (...values) => console.log(values.join(' '));
    print(structuredClone(new Date()).constructor.now(), new outer.Date().getTime(), outer.Math.random());
    print(outer.performance.now(), outer.process.hrtime.bigint(), outer.process.uptime());
    print(outer.process.hrtime(), path.resolve('x'), url.pathToFileURL('x'));
    print(Buffer.allocUnsafe(64).every((byte) => byte === 0), Buffer.from('abc').byteOffset);
    print(Date.constructor('return Math.random()')(), new Event('x').timeStamp);
    const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]);
    await WebAssembly.compile(bytes);
    await WebAssembly.instantiate(bytes);
    print(typeof new WeakRef({}).deref(), crypto.randomUUID());`;
  const first = await runPrograms([code], { seconds: 1 });
  const second = await runPrograms([code], { seconds: 1 });
  expect(first.uncaught).toEqual([]);
  expect(first.printed.n1).toHaveLength(6);
  expect(second).toEqual(first);
  const other = await runPrograms([code], { seconds: 1, seed: 2 });
  expect(other.printed).not.toEqual(first.printed);
});

test('what a program does to builtins is told, and undone before the next run', async () => {
  const patches = `
    import { EventEmitter } from 'node:events'; import path from 'node:path';
    console.log(typeof EventEmitter.prototype.shout, path.sep, EventEmitter.defaultMaxListeners, Buffer.poolSize);
    EventEmitter.prototype.shout = () => {};
    path.sep = '!';
    EventEmitter.defaultMaxListeners = 99;
    Buffer.poolSize = 8192;`;
  const first = await runPrograms([patches], { seconds: 1 });
  expect(first.printed.n1).toEqual(['undefined / 10 0']);
  expect(first.notes.filter(({ kind }) => kind === 'warn').map(({ data }) => data)).toEqual([
    'events.prototype.shout of a builtin was changed: all hosts see it until the run is over',
    'path.sep of a builtin was changed: all hosts see it until the run is over',
  ]);
  expect(await runPrograms([patches], { seconds: 1 })).toEqual(first);
});

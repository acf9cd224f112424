import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';
import { REGISTER, systemWith } from './testing/user-system.ts';

const PACKAGE = {
  'node_modules/sneaky/package.json': '{"name":"sneaky","version":"1.0.0","main":"index.js"}',
  'node_modules/sneaky/index.js': 'exports.now = () => require("perf_hooks").performance.now();',
};

/** What each file is, and what becomes of it: the exit code, and the message. */
const MISTAKES: readonly (readonly [name: string, code: string, message: RegExp])[] = [
  [
    'syntax',
    'export default {\n  name: ;\n};',
    /^sixways: \.\/syntax\.ts does not build:\n {2}syntax\.ts:2: Unexpected ";"/,
  ],
  [
    'no-system',
    'export const x = 1;',
    /^sixways: \.\/no-system\.ts: expected a default export \(or one named system\) of type System, got none/,
  ],
  [
    'throws',
    'const x: number[] = [];\nexport default x[0]!.toFixed();',
    /^sixways: \.\/throws\.ts does not load: TypeError: Cannot read .* \(throws\.ts:2\)/,
  ],
  [
    'exits',
    'process.exit(0);\nexport default {};',
    /exits\.ts:1: while it loads, process\.exit\(\) was used .*: use host\.exit\(\) instead/,
  ],
  [
    'roles',
    systemWith('roles() {\n  throw new TypeError("none today");\n}'),
    /^sixways: \.\/roles\.ts: roles\(\) threw TypeError: none today \(roles\.ts:\d+\)/,
  ],
  [
    'claims',
    systemWith('claims: () => ({ durability: 1 }) as never'),
    /claims\(\) to return claims such as \{"consistency": "linearizable", .*\}, got \{"durability":1\}/,
  ],
  [
    'operations',
    systemWith('operations: ["read", "write"]'),
    /^sixways: the system's own workload: expected a workload that mine has the operations of, .*\(it lacks cas\), found "register"/,
  ],
  [
    'operations-malformed',
    systemWith('operations: "read" as never'),
    /^sixways: \.\/operations-malformed\.ts: expected the exported system to have operations \(object\), got string/,
  ],
  [
    'schema',
    systemWith('options: { type: "object", required: ["size"] }'),
    /^sixways: --options\/size: expected this property, found nothing/,
  ],
  [
    'fault',
    systemWith('tolerance: () => [{ fault: "crsh", atOnce: 1 }]'),
    /tolerance\/0\/fault: expected one of .*\(did you mean crash\?\)/,
  ],
  [
    'fs',
    systemWith('start() { fs.readFileSync("x"); }', 'import fs from "node:fs";'),
    /fs\.ts:2: "node:fs" cannot be imported .*: use host\.disk instead/,
  ],
  [
    'late-fs',
    systemWith('async start() { (await import("node:fs")).readFileSync("x"); }'),
    /late-fs\.ts:3: "node:fs" cannot be imported .*: use host\.disk/,
  ],
  [
    'named-import',
    systemWith('async start() { await import(["node", "fs"].join(":")); }'),
    /named-import\.ts:3: import\(\) of a name made at run time .*: use a static import/,
  ],
  [
    'a-package',
    systemWith('start(host) { host.note("t", now()); }', 'import { now } from "sneaky";'),
    /node_modules\/sneaky\/index\.js:1: "perf_hooks" cannot be imported .*: use host\.clock instead/,
  ],
  [
    'environment',
    systemWith('start(host) { host.note("home", process.env.HOME ?? ""); }'),
    /environment\.ts:3: process\.env differs between machines: use the options/,
  ],
  [
    'state',
    systemWith(
      'start(host) {\n  seen.set(host.name, ++n);\n  Node.n++;\n  serve(host);\n}',
      'let n = 0;\nconst seen = new Map();\nclass Node { static n = 0; }',
    ),
    /module state outlives an incarnation.*Keep it inside start\(\).*\n {2}state\.ts:6: changes "seen" \(declared at state\.ts:3\)\n {2}state\.ts:6: changes "n" \(declared at state\.ts:2\)\n {2}state\.ts:7: changes "Node" \(declared at state\.ts:4\)$/,
  ],
  [
    'random',
    systemWith('start(host) {\n  host.after(1000, () => {\n    host.note("x", Math.random());\n  });\n}'),
    /^sixways: seed 1: random\.ts:5: Math\.random\(\) was used .*on host n1: use host\.random instead/,
  ],
  [
    'now-at-import',
    systemWith('start(host) { host.note("x", t); }', 'const t = Date.now();'),
    /now-at-import\.ts:2: while it loads, Date\.now\(\) was used .*: use host\.clock/,
  ],
  [
    'timer',
    systemWith('start() { setTimeout(() => {}, 1); }'),
    /timer\.ts:3: setTimeout\(\) was used .*: use host\.after\(\) or host\.sleep\(\) instead/,
  ],
  [
    'swallowed',
    systemWith('async start() { try { await fetch("http://x/"); } catch {} }'),
    /swallowed\.ts:3: fetch\(\) was used .*: use host\.network instead/,
  ],
  [
    'subtle',
    systemWith('async start() { await crypto.subtle.digest("SHA-256", new Uint8Array(1)); }'),
    /subtle\.ts:3: crypto\.subtle\.digest\(\) was used .*: use a synchronous computation/,
  ],
  [
    'real-promise',
    systemWith('async start(host) { await new Blob(["x"]).text(); serve(host); }'),
    /real-promise\.ts:3: new Blob was used .*: use plain bytes/,
  ],
];

const files = folderWith({
  'register.ts': REGISTER,
  ...PACKAGE,
  ...Object.fromEntries(MISTAKES.map(([name, code]) => [`${name}.ts`, code])),
  'start.ts': systemWith('start() { throw new TypeError("not today"); }'),
  'client.ts': systemWith('client() { throw new TypeError("no client"); }'),
  'loop.ts': systemWith('start() { while (true); }'),
  'microtasks.ts': systemWith('async start() { for (;;) await null; }'),
  'instant.ts': systemWith('start(host) { const again = (): void => void host.after(0, again); again(); }'),
  'array.ts': systemWith('start() { const all: number[] = []; for (;;) all.push(1); }'),
  'objects.ts': systemWith('start() { const all: object[] = []; for (;;) all.push({ n: all.length }); }'),
  'buffers.ts': systemWith(
    'start() { const all: object[] = []; for (;;) all.push(new Uint8Array(1e7).fill(1)); }',
  ),
});
afterAll(files.remove);

const run = (name: string, ...flags: string[]) =>
  sixways(['run', `./${name}.ts`, '--time', '1s', ...flags], { cwd: files.path });

describe("a user's system that no run may have", () => {
  it.concurrent.each(MISTAKES.map(([name, , message]) => [name, message] as const))(
    '%s: one message with place and remedy',
    async (name, message) => {
      const { exitCode, stdout, stderr } = await run(name);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n +at /);
      expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    },
  );
});

it('a system of CommonJS requires the package', async () => {
  const source = `
    const { register, serve } = require('./register.ts');
    const { MILLISECOND } = require('sixways');
    module.exports = register({ start: (host) => void host.after(MILLISECOND, () => serve(host)) });`;
  writeFileSync(join(files.path, 'required.cjs'), source);
  const { exitCode, stderr } = await sixways(['run', './required.cjs', '--seed', '1', '--time', '1s'], {
    cwd: files.path,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

describe("a user's system that fails while it runs", () => {
  it.concurrent.each(['start', 'client'])('an exception in %s is a violation', async (name) => {
    const { exitCode, stdout } = await run(name, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).signatures).toContainEqual({
      checker: 'assertions',
      anomaly: 'uncaught-exception',
    });
  });

  it.each(['loop', 'microtasks'])('an endless %s is unknown: hang', async (name) => {
    const { exitCode, stdout } = await run(name, '--real-seconds', '2');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^seed 1: unknown\n/);
    expect(stdout).toMatch(/because hang: /);
  });

  it('an instant that does not end, and a run of too many events, are unknown: hang', async () => {
    const { stdout } = await sixways(['plan', './instant.ts', '--time', '1s'], { cwd: files.path });
    const plan = JSON.parse(stdout);
    const few = { ...plan, limits: { ...plan.limits, events: 100 } };
    writeFileSync(join(files.path, 'few.json'), JSON.stringify(few));
    writeFileSync(
      join(files.path, 'free.json'),
      JSON.stringify({ ...plan, world: { ...plan.world, cpuPerEvent: 0 } }),
    );
    for (const [file, limit] of [
      ['few.json', 'events'],
      ['free.json', 'events-in-an-instant'],
    ] as const) {
      const run = await sixways(['run', './instant.ts', '--plan', file], { cwd: files.path });
      expect(run.stdout).toMatch(/^seed 1: unknown\n/);
      expect(run.stdout).toContain(`because hang: the run ended by its limit on ${limit}\n`);
      expect(run.exitCode).toBe(2);
    }
  });

  it.each(['array', 'objects', 'buffers'])('memory filled with %s is unknown: memory', async (name) => {
    const { exitCode, stdout } = await run(name, '--memory', '128');
    expect(stdout).toMatch(
      /^seed 1: unknown\n[\s\S]*because memory: the run filled the memory that one run may take/,
    );
    expect(exitCode).toBe(2);
  });
});

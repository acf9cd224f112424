import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { findAmbientUses } from './ambient.ts';
import { findModuleState } from './module-state.ts';

/** Names of the state that is found. */
function stateIn(code: string): string[] {
  return findModuleState(code).map(({ name }) => name);
}

describe('module state', () => {
  it.each([
    ['a counter', 'let n = 0; export function start() { n++; }', ['n']],
    ['an assignment by operator', 'let n = 0; export const start = () => { n += 1; };', ['n']],
    ['a map', 'const seen = new Map(); export function start(h) { seen.set(h, 1); }', ['seen']],
    [
      'a set whose answer is used',
      'const seen = new Set(); export const f = (x) => seen.delete(x);',
      ['seen'],
    ],
    ['an array', 'const log = []; export function f(x) { return log.push(x); }', ['log']],
    ['bytes', 'const view = new DataView(b); export function f() { view.setUint8(0, 1); }', ['view']],
    ['a property', 'const state = { n: 0 }; export function f() { state.n = 1; }', ['state']],
    [
      'an array in an object',
      'const state = { list: [] }; export function f() { state.list.push(1); }',
      ['state'],
    ],
    ['a deleted property', 'const state = { n: 0 }; export function f() { delete state.n; }', ['state']],
    ['Object.assign', 'const state = {}; export function f(x) { Object.assign(state, x); }', ['state']],
    ['a destructuring', 'let a; let b; export function f(x) { [a, { b }] = x; }', ['a', 'b']],
    ['the variable of a loop', 'let i; export function f(xs) { for (i of xs) {} }', ['i']],
    ['a static field', 'class A { static n = 0; } export function f() { A.n++; }', ['A']],
    ['a static field by this', 'class A { static n = 0; static f() { this.n++; } } export { A };', ['A']],
    ['this of an object of the module', 'export const system = { n: 0, start() { this.n++; } };', ['system']],
    ['a property of a function', 'function f() { f.calls = 1; } export { f };', ['f']],
    ['a number for each instance', 'let next = 0; export class A { id = next++; }', ['next']],
    ['a closure of the module', 'export const next = (() => { let n = 0; return () => ++n; })();', ['n']],
    ['a block of the module', 'let f; { let n = 0; f = () => n++; } export { f };', ['n']],
    ['a global', 'export function f() { globalThis.cache = 1; }', ['globalThis']],
    [
      'a module in CommonJS',
      'var require_a = __commonJS({ "a.js"(exports, module) { var n = 0; module.exports = () => n++; } });',
      ['n'],
    ],
  ])('%s is found', (_, code, names) => {
    expect(stateIn(code)).toEqual(names);
  });

  it.each([
    ['state of an incarnation', 'export function start() { let n = 0; return () => n++; }'],
    ['a parameter of the same name', 'let n = 0; export function f(n) { n++; return n; }'],
    ['a destructured parameter', 'let n = 0; export const f = ({ a: [n] = [] }) => n++;'],
    [
      'a variable of the same name further out',
      'let n = 0; export function f() { { let m; } let n = 1; return () => n++; }',
    ],
    ['a var below its use', 'let n = 0; export function f(x) { n = 1; if (x) { var n; } }'],
    ['an exception of the same name', 'let e; export function f() { try {} catch (e) { e = 1; } }'],
    ['the variable of a loop', 'let i = 0; export function f() { for (let i = 0; i < 3; i++) {} }'],
    [
      'a table filled when the module loads',
      'const t = []; for (let i = 0; i < 9; i++) t.push(i); export { t };',
    ],
    ['a table filled by a call in place', 'const t = []; (() => { t.push(1); })(); export { t };'],
    ['an enum', 'var E; (function (E) { E[E["A"] = 0] = "A"; })(E || (E = {})); export { E };'],
    [
      'pure functions named as mutators are',
      'const v = { add: (a, b) => a + b }; export const f = (a) => v.add(a, 1);',
    ],
    [
      'pure static functions',
      'class V { static add(a, b) { return a; } } export const f = (a) => V.add(a, 1);',
    ],
    ['what a pure function made', 'const v = makeVectors(); export const f = (a) => v.add(a, 1);'],
    [
      'a field of an instance',
      'export class A { n = 0; bump() { this.n++; } static make() { return new A(); } }',
    ],
    ['a sorted copy', 'const t = [2, 1]; export const f = () => [...t].sort();'],
    ['a module that esbuild loads late', 'var n; var init_a = __esm({ "a.ts"() { n = 0; } });'],
  ])('%s is none', (_, code) => {
    expect(stateIn(code)).toEqual([]);
  });

  it('is named where it is declared and where it is changed', () => {
    const code = 'let n = 0; export function f() { n++; }';
    expect(findModuleState(code)).toEqual([
      { name: 'n', declaredAt: code.indexOf('n'), changedAt: code.indexOf('n++') },
    ]);
  });
});

describe('what comes from the machine', () => {
  it.each([
    ['const f = (name) => import(name);', 'import() of a name made at run time'],
    ['const f = (name) => require(name);', 'require() of a name made at run time'],
    ['export const here = import.meta.url;', 'import.meta'],
    ['export const home = process.env.HOME;', 'process.env'],
  ])('%s', (code, what) => {
    expect(findAmbientUses(code).map((use) => use.what)).toEqual([what]);
  });

  it('is not a variable of the same name', () => {
    expect(findAmbientUses('export function f(process) { return process.env; }')).toEqual([]);
  });
});

describe('the systems that come with the harness', () => {
  it.each(['single-server', 'primary-backup', 'raft', 'cache-aside'])('%s has neither', async (name) => {
    const { outputFiles } = await build({
      entryPoints: [`systems-under-test/${name}/index.ts`],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      // What a user's system imports from the package.
      plugins: [
        {
          name: 'package',
          setup: (builder) =>
            builder.onResolve({ filter: /harness\/contract\/index\.ts$/ }, ({ path }) => ({
              path,
              external: true,
            })),
        },
      ],
    });
    const code = outputFiles[0]!.text;
    expect(code.length).toBeGreaterThan(1000);
    expect(findModuleState(code)).toEqual([]);
    expect(findAmbientUses(code)).toEqual([]);
  });
});

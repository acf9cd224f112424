import { expect, test } from 'vitest';
import { runPrograms } from './testing/programs.ts';

const SECOND = 1e9;

test('SIGTERM: a program that handles it ends in order, and its operator starts it again at once', async () => {
  const program = `
    console.log('up', Date.now() % 1e6);
    process.on('SIGTERM', () => setTimeout(() => process.exit(0), 250));`;
  const { printed, notes } = await runPrograms([program], {
    during: (world) => world.at(SECOND, () => void world.levers.terminate('n1').heal()),
  });
  expect(printed.n1).toEqual(['up 600000', 'up 601250']);
  expect(notes.filter(({ kind }) => kind === 'exit')).toMatchObject([{ data: 0 }]);
});

test('SIGTERM: one that does not handle it dies of it, one that ignores it is killed after ten seconds', async () => {
  const dies = "console.log('up')";
  const ignores = "console.log('up'); process.on('SIGTERM', () => {})";
  const { printed, notes } = await runPrograms([dies, ignores], {
    seconds: 12,
    during: (world) =>
      world.at(SECOND, () => {
        for (const host of ['n1', 'n2']) void world.levers.terminate(host).heal();
      }),
  });
  expect(printed).toEqual({ n1: ['up', 'up'], n2: ['up', 'up'] });
  expect(notes.filter(({ kind }) => kind === 'exit')).toMatchObject([{ host: 'n1', data: 143 }]);
});

test('a process that ends is started again by its supervisor; nothing of the dead one has an effect', async () => {
  const program = `
    console.log('up');
    setTimeout(() => console.log('never'), 20);
    setTimeout(() => { try { process.exit(2); } catch {} console.log('never'); }, 10);`;
  const { printed } = await runPrograms([program], { seconds: 1.5 });
  expect(printed.n1).toEqual(['up', 'up']);
});

test('a process may end itself from a tick', async () => {
  const program = `
    import http from 'node:http';
    http.createServer().listen(3000, () => { console.log('listens'); process.exit(0); });`;
  const { printed, uncaught } = await runPrograms([program], { seconds: 1.5 });
  expect(printed.n1).toEqual(['listens', 'listens']);
  expect(uncaught).toEqual([]);
});

test('stacks show the lines of the source files, of the program alone', async () => {
  const program = `
    interface Named { readonly name: string }
    const fails = ({ name }: Named): never => { throw new TypeError(name); };
    setTimeout(() => fails({ name: 'of TypeScript' }), 5);`;
  const { notes } = await runPrograms([program], { seconds: 0.5, extension: 'ts' });
  expect(notes.find(({ kind }) => kind === 'uncaught')?.data).toBe(
    'TypeError: of TypeScript\n    at fails (/app/program1.ts:3:55)\n    at Timeout.<anonymous> (/app/program1.ts:4:22)',
  );
});

test('files beside the code are found by __dirname and import.meta.url; packages that are missing are missing at run time', async () => {
  const program = `
    import fs from 'node:fs';
    console.log(fs.readFileSync(new URL('./text.txt', import.meta.url), 'utf8'), fs.readFileSync(import.meta.dirname + '/text.txt', 'utf8'));
    try { require('pg-native'); } catch (error) { console.log(error.code); }
    console.log((await import('./other.js')).default);`;
  const { printed, uncaught } = await runPrograms([program], {
    seconds: 0.5,
    files: { 'text.txt': 'beside', 'other.js': "module.exports = require('path').basename(__filename);" },
  });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(['beside beside', 'MODULE_NOT_FOUND', 'other.js']);
});

test('process.binding: what lodash and safer-buffer ask of it, and no more', async () => {
  const program = `
    const { isDate } = process.binding('util'); console.log(isDate(new Date()), isDate({}));
    console.log(process.binding('buffer').kStringMaxLength > 1e8);
    try { process.binding('fs'); } catch (error) { console.log(error.code, error.message.slice(0, 18)); }`;
  const { printed } = await runPrograms([program], { seconds: 0.5 });
  expect(printed.n1).toEqual(['true false', 'true', 'ERR_INVALID_MODULE No such module: fs']);
});

test('packages that guess where something is, or ask whether something is of a builtin that is not simulated, go on as under Node without it', async () => {
  const program = `
    const { probe } = require('guesses');
    const http2 = require('http2');
    require('cluster').on('message', () => {});
    console.log(probe(), {} instanceof http2.Http2ServerRequest, typeof process.binding('stream_wrap').WriteWrap);`;
  const { printed, uncaught } = await runPrograms([program], {
    seconds: 0.5,
    extension: 'cjs',
    files: {
      'node_modules/guesses/package.json': '{ "name": "guesses", "main": "index.js" }',
      'node_modules/guesses/index.js': `
        exports.probe = () => ['Release', 'Debug'].map((kind) => {
          try { return require('./build/' + kind + '/addon'); } catch (error) { return error.code; }
        });`,
    },
  });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(["[ 'MODULE_NOT_FOUND', 'MODULE_NOT_FOUND' ] false function"]);
});

test('a package that has a fallback for its native addon takes it, and the log says so', async () => {
  const program = `
    import masked from 'masks';
    console.log(masked);`;
  const { printed, notes, uncaught } = await runPrograms([program], {
    seconds: 0.5,
    files: {
      'node_modules/masks/package.json': '{ "name": "masks", "main": "index.js" }',
      'node_modules/masks/index.js': `
        const load = require;
        try { module.exports = load(__dirname + '/masks.node'); }
        catch (error) { module.exports = [error.code, load(__dirname + '/package.json').name]; }`,
      'node_modules/masks/masks.node': 'machine code',
    },
  });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(["[ 'ERR_DLOPEN_FAILED', 'masks' ]"]);
  expect(notes.filter(({ kind }) => kind === 'warn').map(({ data }) => String(data).slice(0, 70))).toEqual([
    'the native addon of /app/node_modules/masks/masks.node is not there: m',
  ]);
});

test('createRequire: what a module requires by it is bundled, or read where it is data', async () => {
  const program = `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const other = createRequire(import.meta.url);
    console.log(require('./data.json').a, require('./part.cjs'), other('./data.json').a, other('path') === require('path'));`;
  const { printed, uncaught } = await runPrograms([program], {
    seconds: 0.5,
    files: { 'data.json': '{ "a": 1 }', 'part.cjs': 'module.exports = 2;' },
  });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(['1 2 1 true']);
});

test('a view engine that express loads by its name is in the bundle; another package by such a name is missing, and the log says so', async () => {
  const program = `
    import express from 'express';
    import { probe } from 'plugs';
    const app = express();
    app.set('views', '/app').set('view engine', 'ejs');
    app.render('page', { name: 'x' }, (error, text) => console.log(error, text, probe('plug')));`;
  const { printed, notes, uncaught } = await runPrograms([program], {
    seconds: 0.5,
    files: {
      'page.ejs': 'of',
      'node_modules/express/package.json': '{ "name": "express", "main": "lib/view.js" }',
      'node_modules/express/lib/view.js': `
        module.exports = () => { const set = {}; const app = { set: (name, value) => { set[name] = value; return app; },
          render(page, values, done) { const mod = set['view engine']; require(mod).__express(set.views + '/' + page + '.' + mod, values, done); } }; return app; };`,
      'node_modules/ejs/package.json': '{ "name": "ejs", "main": "index.js" }',
      'node_modules/ejs/index.js':
        "exports.__express = (file, { name }, done) => require('fs').readFile(file, 'utf8', (error, text) => done(error, text + ' ' + name));",
      'node_modules/plugs/package.json': '{ "name": "plugs", "main": "index.js" }',
      'node_modules/plugs/index.js':
        'exports.probe = (name) => { try { return require(name); } catch (error) { return error.code; } };',
      'node_modules/plug/package.json': '{ "name": "plug" }',
    },
  });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(['null of x MODULE_NOT_FOUND']);
  expect(notes.filter(({ kind }) => kind === 'warn')).toMatchObject([
    { data: 'require("plug"), a name made at run time: not in the bundle' },
  ]);
});

test('a warning of Node is heard by the program and its log alone; one that Node tells once in a process by nobody', async () => {
  const program = `
    import { EventEmitter } from 'node:events';
    import url from 'node:url';
    process.on('warning', ({ name }) => console.log('heard', name));
    const emitter = new EventEmitter();
    for (let nth = 0; nth < 11; nth++) emitter.on('x', () => {});
    url.parse('http://a:b@c:99999/');`;
  const { printed, notes } = await runPrograms([program], { seconds: 0.5 });
  expect(printed.n1).toEqual(['heard MaxListenersExceededWarning']);
  expect(notes.filter(({ kind }) => kind === 'warn').map(({ data }) => String(data).slice(0, 45))).toEqual([
    'MaxListenersExceededWarning: Possible EventEm',
  ]);
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { inFolder, runPrograms } from './testing/programs.ts';

const execute = promisify(execFile);

/** Each script prints the same, line by line, under plain Node and hosted. Timers are long enough for a slow machine, whose immediates come late. */
const SCRIPTS: { readonly [what: string]: string } = {
  'the order of ticks, microtasks, immediates and timers': `
    setTimeout(() => console.log('timer 1'), 150);
    setTimeout(() => { console.log('timer 2'); process.nextTick(() => console.log('tick in a timer')); queueMicrotask(() => console.log('microtask in a timer')); }, 150);
    setImmediate(() => console.log('immediate'));
    process.nextTick(() => console.log('tick'));
    Promise.resolve().then(() => console.log('microtask')).then(() => process.nextTick(() => console.log('tick of a microtask')));
    queueMicrotask(() => console.log('second microtask'));
    const repeated = setInterval(() => { console.log('interval'); clearInterval(repeated); }, 300);
    const again = setTimeout(() => console.log('refreshed'), 450); again.refresh();
    clearTimeout(setTimeout(() => console.log('never'), 100));
    clearImmediate(setImmediate(() => console.log('never')));
    console.log('first');`,
  'errors that nobody catches, and those that somebody does': `
    process.on('uncaughtException', (error, origin) => console.log('caught', error.message, origin));
    process.on('unhandledRejection', (reason) => console.log('rejected', reason.message));
    setTimeout(() => { throw new Error('of a timer'); }, 1);
    setTimeout(() => { process.nextTick(() => { throw new TypeError('of a tick'); }); }, 3);
    setTimeout(() => { Promise.reject(new RangeError('of a promise')); }, 6);
    setTimeout(() => { process.exitCode = 3; process.exit(); }, 9);
    process.on('exit', (code) => console.log('exit', code));`,
  'async contexts': `
    import { AsyncLocalStorage } from 'node:async_hooks'; import { setTimeout as sleep } from 'node:timers/promises';
    const storage = new AsyncLocalStorage();
    const show = (where) => console.log(where, storage.getStore());
    storage.run('a', () => { setTimeout(show, 100, 'timer'); setImmediate(show, 'immediate'); process.nextTick(show, 'tick'); });
    await storage.run('b', async () => { await sleep(200); show('awaited'); });
    show('outside');`,
  'objects of builtins and of the program': `
    import { EventEmitter } from 'node:events'; import { inspect, types } from 'node:util'; import querystring from 'node:querystring';
    const clone = structuredClone({ date: new Date(0), map: new Map([[1, 2]]), error: new TypeError('x').message, list: [1] });
    console.log(clone.date instanceof Date, clone.map instanceof Map, structuredClone(new TypeError('x')) instanceof TypeError, clone.list instanceof Array);
    console.log(inspect(clone), new Uint8Array(2) instanceof Uint8Array, Buffer.from('x') instanceof Uint8Array, types.isDate(clone.date));
    try { new EventEmitter().emit('error', new RangeError('as it is')); } catch (error) { console.log(error instanceof RangeError, error.message); }
    console.log(querystring.parse('a=1&b=2').a, new URL('http://x/y?z=1').searchParams.get('z'), (async () => {})() instanceof Promise, (() => {}) instanceof Function);
    class Own extends Error {} console.log(new Own('own') instanceof Own, Object.prototype.toString.call(process));`,
  'which connections are of TLS': `
    import net from 'node:net'; import tls from 'node:tls'; import { PassThrough } from 'node:stream';
    const around = new tls.TLSSocket(new PassThrough());
    console.log(around instanceof tls.TLSSocket, new net.Socket() instanceof tls.TLSSocket, typeof around._handle._parentWrap.constructor);
    console.log(new tls.TLSSocket(undefined, {}) instanceof net.Socket, {} instanceof tls.TLSSocket);
    process.exit(0);`,
  "classes of older packages that are built on Node's": `
    import fs from 'node:fs'; import net from 'node:net'; import http from 'node:http'; import os from 'node:os'; import path from 'node:path'; import util from 'node:util';
    function Echo(mark) { this.options = { mark }; this.context = 'mine'; net.Server.call(this, (socket) => socket.on('data', (bytes) => socket.end(mark + bytes))); this.mark = mark; }
    util.inherits(Echo, net.Server);
    function Caller() { net.Socket.call(this, { allowHalfOpen: true }); } util.inherits(Caller, net.Socket);
    function Web() { http.Server.call(this, (_, response) => response.end('web')); } util.inherits(Web, http.Server);
    function Log(file) { fs.WriteStream.call(this, file, { flags: 'a' }); } util.inherits(Log, fs.WriteStream);
    const echo = new Echo('>'), web = new Web();
    await new Promise((done) => echo.listen(0, done)); await new Promise((done) => web.listen(0, done));
    console.log(echo.mark, echo.options, echo.context, echo instanceof Echo, echo instanceof net.Server, echo.listening, echo.constructor === Echo);
    const caller = new Caller(); Object.assign(caller, { connected: false, context: 1, stream: 2, put: 3, written: 4, peer: 5, idle: 6 }); caller.connect(echo.address().port, '127.0.0.1'); caller.write('hello');
    console.log(String(await new Promise((done) => caller.on('data', done))), caller instanceof Caller, caller.bytesRead, caller.connected, caller.context, caller.peer); caller.destroy();
    console.log(await (await fetch('http://127.0.0.1:' + web.address().port)).text(), net.Server() instanceof net.Server, net.Socket() instanceof net.Socket);
    const file = path.join(os.tmpdir(), 'sixways-' + process.pid + '.log'); const log = new Log(file); log.end('line');
    await new Promise((done) => log.on('close', done)); console.log(log instanceof Log, fs.readFileSync(file, 'utf8')); fs.unlinkSync(file);
    process.exit(0);`,
  'channels of diagnostics': `
    import channels from 'node:diagnostics_channel'; import { AsyncLocalStorage } from 'node:async_hooks';
    const said = (where) => (message, name) => console.log(where, JSON.stringify(message), String(name));
    const one = channels.channel('one'); console.log(one === channels.channel('one'), one.hasSubscribers, one instanceof channels.Channel);
    const heard = said('heard'); one.subscribe(heard); channels.subscribe('one', () => { throw new Error('of a subscriber'); });
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    one.publish({ a: 1 }); console.log(channels.hasSubscribers('one'), one.unsubscribe(heard), one.unsubscribe(heard)); one.publish(2);
    const storage = new AsyncLocalStorage(); const two = channels.channel('two'); two.bindStore(storage, (message) => ({ ...message, bound: true }));
    console.log(two.runStores({ b: 2 }, function (x) { return [this.self, x, storage.getStore()]; }, { self: 1 }, 'x'));
    const traced = channels.tracingChannel('three'); traced.subscribe({ start: said('start'), end: said('end'), asyncStart: said('asyncStart'), asyncEnd: said('asyncEnd'), error: said('error') });
    console.log(traced.traceSync((x) => x + 1, { c: 3 }, undefined, 1));
    try { traced.traceSync(() => { throw new Error('thrown'); }, {}); } catch (error) { console.log(error.message); }
    console.log(await traced.tracePromise(async (x) => x + 1, {}, undefined, 1));
    await traced.tracePromise(async () => { throw new Error('rejected'); }, {}).catch((error) => console.log(error.message));
    traced.traceCallback((x, done) => setTimeout(done, 1, null, x), -1, { d: 4 }, undefined, 5, (error, x) => console.log('called back', error, x));`,
  'compression, digests and text': `
    import zlib from 'node:zlib'; import crypto from 'node:crypto'; import { pipeline } from 'node:stream/promises'; import { Readable } from 'node:stream';
    const packed = await new Promise((done) => zlib.gzip('hello '.repeat(100), (_, bytes) => done(bytes)));
    console.log(zlib.gunzipSync(packed).length, zlib.brotliDecompressSync(zlib.brotliCompressSync('x')).toString());
    const parts = []; await pipeline(Readable.from(['a', 'b']), zlib.createDeflate(), zlib.createInflate(), async (source) => { for await (const part of source) parts.push(part); });
    console.log(Buffer.concat(parts).toString(), crypto.createHash('sha256').update('x').digest('hex'));
    console.log(await new Promise((done) => crypto.pbkdf2('a', 'b', 10, 16, 'sha256', (_, key) => done(key.toString('hex')))));
    console.log(Buffer.from(await crypto.subtle.digest('SHA-1', Buffer.from('y'))).toString('hex'), crypto.randomBytes(5).length, crypto.randomUUID().length);
    const key = await crypto.subtle.importKey('raw', Buffer.from('k'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    console.log(Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from('m'))).toString('hex'));
    console.log(new Date(0).toString(), new Date(86400000).toLocaleDateString('en-US'), new Intl.DateTimeFormat().resolvedOptions().timeZone, (1234.5).toLocaleString(), ['b', 'a'].sort((a, b) => a.localeCompare(b)).join(), new Intl.NumberFormat('de').format(1.5), new Date(0).getHours());`,
};

test.each(Object.entries(SCRIPTS))('%s: as under plain Node', async (_, script) => {
  const plain = await inFolder({ 'script.mjs': script }, (folder) =>
    execute(process.execPath, [`${folder}/script.mjs`], {
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'en_US.UTF-8', NO_COLOR: '1' },
    }).catch((error: { readonly stdout: string }) => error),
  );
  const { printed, uncaught } = await runPrograms([script], { seconds: 1 });
  expect(uncaught).toEqual([]);
  expect(printed.n1).toEqual(plain.stdout.trimEnd().split('\n'));
});

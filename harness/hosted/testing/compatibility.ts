/** A package, and a script that prints the same under plain Node and hosted. */
export interface Compatible {
  /** As the table calls it. */
  readonly name: string;
  /** In which `package.json` says the version; Node's own if absent. */
  readonly packages: readonly string[];
  readonly does: string;
  /** What it does after a lost connection. */
  readonly afterwards: string;
  /** An ES module; TypeScript with decorators where it says so. */
  readonly script: string;
  readonly typescript?: boolean;
  /** It finds a server that speaks Redis's protocol at `REDIS_HOST` and `REDIS_PORT`. */
  readonly redis?: boolean;
}

/** Requests one after the other over a kept connection, which the server cuts at `/cut`. `ask` gives a text for a path. */
const overKeptConnection = (ask: string, connections = "'connections', sockets.length") => `
  const ask = ${ask};
  const sockets = [];
  server.on('connection', (socket) => sockets.push(socket));
  const base = 'http://127.0.0.1:' + server.address().port;
  console.log(await ask(base + '/a'), await ask(base + '/b'), ${connections});
  console.log(await ask(base + '/cut'));
  console.log(await ask(base + '/c'), ${connections});
  const port = server.address().port;
  await new Promise((closed) => { server.close(closed); server.closeAllConnections(); });
  console.log(await ask(base + '/d'), '|', await ask(base + '/d'));
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  console.log(await ask(base + '/e'), ${connections});
  server.close(() => console.log('closed')); server.closeAllConnections();`;

const PLAIN_SERVER = `
  import http from 'node:http';
  const server = http.createServer((request, response) => {
    if (request.url === '/cut') return request.socket.destroy();
    response.end('got ' + request.url);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));`;

/** By an agent of Node that keeps one connection. */
const BY_AGENT = `
  import { Agent, get } from 'node:http';
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const byAgent = (url) => new Promise((done) => {
    get(url, { agent }, async (response) => {
      let text = ''; for await (const part of response) text += part;
      done(response.statusCode + ' ' + text);
    }).on('error', (error) => done(error.code));
  });`;

/** Enough of PostgreSQL for a client: answers each query with its own text, dies at \`die\`. */
const POSTGRES = `
  import net from 'node:net';
  const message = (type, ...parts) => {
    const body = Buffer.concat(parts.map((part) => typeof part === 'number' ? Buffer.from([part >> 8, part & 255]) : Buffer.isBuffer(part) ? part : Buffer.from(part)));
    const length = Buffer.alloc(4); length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const word = (number) => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(number); return bytes; };
  const READY = message('Z', 'I');
  let started = 0;
  const server = net.createServer((socket) => {
    let rest = Buffer.alloc(0), greeted = false;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        const head = greeted ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = rest.readInt32BE(head) + head;
        if (rest.length < length) return;
        const [type, body] = [greeted ? String.fromCharCode(rest[0]) : 'startup', rest.subarray(head + 4, length)];
        rest = rest.subarray(length);
        if (type === 'startup') { greeted = true; started++; socket.write(Buffer.concat([message('R', word(0)), message('K', word(1), word(2)), READY])); }
        else if (type === 'Q') {
          const text = body.subarray(0, -1).toString();
          if (text === 'die') return socket.destroy();
          const row = [message('T', 1, 'text\\0', word(0), 0, word(25), 65535, word(-1), 0), message('D', 1, word(text.length), text), message('C', 'SELECT 1\\0'), READY];
          socket.write(Buffer.concat(text === 'wrong' ? [message('E', 'SERROR\\0C42601\\0Mno such statement\\0\\0'), READY] : row));
        } else if (type === 'X') socket.end();
      }
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));`;

export const COMPATIBLE: readonly Compatible[] = [
  {
    name: 'express',
    packages: ['express'],
    does: 'routes, bodies as JSON, errors of handlers',
    afterwards: 'a cut connection, a server that closes and listens again',
    script: `
  import express from 'express'; ${BY_AGENT}
  const app = express();
  app.use(express.json());
  app.get('/cut', (request) => request.socket.destroy());
  app.get('/fails', async () => { throw Object.assign(new Error('no'), { status: 418 }); });
  app.post('/echo', (request, response) => response.status(201).json({ got: request.body, type: request.get('content-type') }));
  app.get('/:name', (request, response) => response.send('hello ' + request.params.name));
  app.use((error, _request, response, _next) => response.status(error.status).send(error.message));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const sent = await fetch('http://127.0.0.1:' + server.address().port + '/echo', { method: 'POST', body: '{"a":[1]}', headers: { 'content-type': 'application/json', connection: 'close' } });
  console.log(sent.status, await sent.text());
  console.log(await byAgent('http://127.0.0.1:' + server.address().port + '/fails'));
  ${overKeptConnection('byAgent')}`,
  },
  {
    name: 'fastify',
    packages: ['fastify'],
    does: 'routes, schemas, hooks, `inject`',
    afterwards: 'a cut connection, a server that closes and another one on its port',
    script: `
  import fastify from 'fastify'; ${BY_AGENT}
  const made = () => {
    const app = fastify({ forceCloseConnections: true });
    app.addHook('onRequest', async (request) => { if (request.url === '/cut') request.raw.socket.destroy(); });
    app.addHook('onClose', async () => console.log('closing'));
    app.get('/items/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, response: { 200: { type: 'object', properties: { id: { type: 'integer' } } } } } },
      async ({ params }) => ({ id: params.id, hidden: 1 }));
    app.get('/cut', async () => 'never');
    return app;
  };
  const first = made();
  console.log((await first.inject('/items/7')).body, (await first.inject('/items/x')).statusCode);
  const base = await first.listen({ port: 0, host: '127.0.0.1' });
  console.log(await byAgent(base + '/items/8'), await byAgent(base + '/cut'), await byAgent(base + '/items/9'));
  await first.close();
  console.log(await byAgent(base + '/items/8'));
  const second = made();
  await second.listen({ port: Number(new URL(base).port), host: '127.0.0.1' });
  console.log(await byAgent(base + '/items/10'), await byAgent(base + '/nowhere'));
  await second.close();`,
  },
  {
    name: 'NestJS',
    packages: ['@nestjs/core', '@nestjs/common', '@nestjs/platform-express'],
    does: 'modules, injection by types, decorators, exceptions, shutdown hooks',
    afterwards: 'an application that closes and starts again on its port',
    typescript: true,
    script: `
  import 'reflect-metadata';
  import { Controller, Get, HttpException, Injectable, Module, OnApplicationShutdown, Param } from '@nestjs/common';
  import { NestFactory } from '@nestjs/core';
  @Injectable() class Names implements OnApplicationShutdown {
    greet(name: string) { if (name === 'nobody') throw new HttpException('no name', 422); return 'hello ' + name; }
    onApplicationShutdown() { console.log('shutting down'); }
  }
  @Controller('greet') class Greet {
    constructor(private readonly names: Names) {}
    @Get(':name') get(@Param('name') name: string) { return { text: this.names.greet(name) }; }
  }
  @Module({ controllers: [Greet], providers: [Names] }) class App {}
  const main = async () => {
    const started = async (port: number) => {
      const app = await NestFactory.create(App, { logger: false, forceCloseConnections: true });
      await app.listen(port, '127.0.0.1');
      return app;
    };
    const app = await started(0);
    const port: number = app.getHttpServer().address().port;
    const ask = async (name: string) => fetch('http://127.0.0.1:' + port + '/greet/' + name).then((response) => response.text(), (error) => error.cause.code);
    console.log(await ask('you'), await ask('nobody'));
    await app.close();
    console.log(await ask('you'));
    const again = await started(port);
    console.log(await ask('again'));
    await again.close();
  };
  void main();`,
  },
  {
    name: 'axios',
    packages: ['axios'],
    does: 'requests through an agent that keeps connections',
    afterwards: 'ECONNRESET, ECONNREFUSED, and a new connection',
    script: `${PLAIN_SERVER}
  import axios from 'axios';
  const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true, maxSockets: 1 }), timeout: 5000 });
  ${overKeptConnection("(url) => client.get(url).then(({ status, data }) => status + ' ' + data, (error) => error.code)")}`,
  },
  {
    name: 'fetch',
    packages: [],
    does: 'requests, kept connections, `AbortSignal.timeout`',
    afterwards: 'a failed `fetch` with its cause, and a new connection',
    script: `${PLAIN_SERVER}
  ${overKeptConnection("(url) => fetch(url).then(async (response) => response.status + ' ' + (await response.text()), (error) => error.message + ' ' + error.cause?.code)", "'kept or not'")}
  const silent = http.createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((listening) => silent.once('listening', listening));
  console.log(await fetch('http://127.0.0.1:' + silent.address().port, { signal: AbortSignal.timeout(200) }).catch((error) => error.name));
  silent.close(); silent.closeAllConnections();`,
  },
  {
    name: 'ws',
    packages: ['ws'],
    does: 'text and bytes both ways, compression, pings',
    afterwards: 'the close codes of an orderly end and of a cut, and a new connection',
    script: `
  import WebSocket, { WebSocketServer } from 'ws';
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } });
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      if (String(data) === 'cut') socket.terminate();
      else socket.send(isBinary ? data : 'echo ' + data);
    });
  });
  await new Promise((listening) => server.on('listening', listening));
  const connect = async () => {
    const socket = new WebSocket('ws://127.0.0.1:' + server.address().port);
    await new Promise((open) => socket.once('open', open));
    return socket;
  };
  const heard = (socket, event) => new Promise((done) => socket.once(event, (...what) => done(what)));
  let socket = await connect();
  socket.send('x'.repeat(50)); console.log(String((await heard(socket, 'message'))[0]));
  socket.send(Buffer.from([1, 2, 3])); console.log((await heard(socket, 'message'))[0]);
  socket.ping('still there'); console.log('pong', String((await heard(socket, 'pong'))[0]));
  socket.send('cut'); console.log('cut', (await heard(socket, 'close'))[0]);
  socket = await connect();
  socket.send('again'); console.log(String((await heard(socket, 'message'))[0]));
  socket.close(1000, 'bye'); console.log('closed', ...(await heard(socket, 'close')).map(String));
  server.close(() => console.log('server closed'));`,
  },
  {
    name: 'pg',
    packages: ['pg'],
    does: 'a pool, queries, errors of the server (a scripted server)',
    afterwards: '`Connection terminated unexpectedly`, and a new connection of the pool',
    script: `${POSTGRES}
  import pg from 'pg';
  const pool = new pg.Pool({ host: '127.0.0.1', port: server.address().port, user: 'me', database: 'mine', max: 1 });
  pool.on('error', (error) => console.log('pool', error.message));
  const ask = (text) => pool.query(text).then(({ rows }) => JSON.stringify(rows), (error) => (error.code ?? '') + ' ' + error.message);
  console.log(await ask('select 1'), await ask('wrong'), await ask('select 2'), 'connections', started);
  console.log(await ask('die'));
  console.log(await ask('select 3'), 'connections', started);
  const client = await pool.connect();
  client.on('error', (error) => console.log('client', error.message));
  const [one, two] = [client.query('die'), client.query('select 4')].map((query) => query.catch((error) => error.message));
  console.log(await one, '|', await two);
  client.release(true);
  console.log(await ask('select 5'), 'connections', started);
  await pool.end();
  server.close(() => console.log('closed'));`,
  },
  {
    name: 'ioredis',
    packages: ['ioredis'],
    does: 'commands, pipelines, transactions, scripts, subscriptions',
    afterwards: 'its states, commands that waited, subscriptions renewed',
    redis: true,
    script: `
  import Redis from 'ioredis';
  const at = { host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT), retryStrategy: (attempt) => attempt * 50 };
  const redis = new Redis(at);
  for (const state of ['connect', 'ready', 'close', 'reconnecting', 'end']) redis.on(state, () => console.log(state));
  console.log(await redis.set('a', '1'), await redis.incr('a'), await redis.get('none'));
  console.log(JSON.stringify(await redis.pipeline().incr('a').lpush('a', 'x').exec(), (_, value) => value instanceof Error ? value.message : value));
  console.log(await redis.multi().set('b', '2').get('b').exec(), await redis.eval('return {KEYS[1], ARGV[1]}', 1, 'k', 'v'));
  const admin = new Redis(at), subscriber = new Redis(at);
  await subscriber.subscribe('news');
  const news = () => new Promise((done) => subscriber.once('message', (channel, text) => done(channel + ' ' + text)));
  const dropped = new Promise((again) => redis.once('reconnecting', again));
  const renewed = new Promise((ready) => subscriber.once('ready', ready));
  await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await admin.client('KILL', 'TYPE', 'pubsub');
  await dropped;
  console.log('waits', await redis.incr('a'));
  await renewed; await new Promise((done) => setTimeout(done, 300));
  const heard = news(); await admin.publish('news', 'hello'); console.log(await heard);
  subscriber.disconnect(); admin.disconnect();
  await redis.quit();`,
  },
  {
    name: 'node-redis',
    packages: ['redis'],
    does: 'commands, transactions, scripts, subscriptions',
    afterwards: 'its events, commands that waited, subscriptions renewed',
    redis: true,
    script: `
  import { createClient } from 'redis';
  const at = { socket: { host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT), reconnectStrategy: (retries) => 50 + retries * 50 } };
  const client = createClient(at), admin = createClient(at), subscriber = createClient(at);
  for (const event of ['connect', 'ready', 'reconnecting', 'end']) client.on(event, () => console.log(event));
  client.on('error', (error) => console.log('error', error.message));
  subscriber.on('error', () => {});
  await client.connect(); await admin.connect(); await subscriber.connect();
  console.log(await client.set('a', '1'), await client.incr('a'), await client.get('none'));
  console.log(await client.multi().set('b', '2').get('b').exec(), await client.eval('return {KEYS[1], ARGV[1]}', { keys: ['k'], arguments: ['v'] }));
  let heard; const hears = () => new Promise((done) => { heard = done; });
  await subscriber.subscribe('news', (text) => heard(text));
  const dropped = new Promise((again) => client.once('reconnecting', again));
  const renewed = new Promise((ready) => subscriber.once('ready', ready));
  await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
  await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
  await dropped;
  // Which of the two comes first depends on how the replies are cut into segments.
  const [waited] = await Promise.all([client.incr('a'), new Promise((ready) => client.once('ready', ready))]);
  console.log('waits', waited);
  await renewed; await new Promise((done) => setTimeout(done, 300));
  const news = hears(); await admin.publish('news', 'hello'); console.log(await news);
  subscriber.destroy(); admin.destroy();
  await client.close();`,
  },
  {
    name: 'pino',
    packages: ['pino'],
    does: 'levels, children, serializers, redaction, to standard output and to a file',
    afterwards: 'a file that is moved away and opened again',
    script: `
  import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import pino from 'pino';
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pino-'));
  const file = path.join(folder, 'log');
  const settings = { base: null, timestamp: false, redact: ['secret'] };
  const log = pino(settings, pino.destination({ dest: 1, sync: true }));
  log.info({ a: 1, secret: 'x' }, 'logged'); log.debug('not'); log.child({ of: 'child' }).warn('%s and %d', 'text', 2);
  log.error({ err: Object.assign(new RangeError('of a kind'), { stack: 'stack' }) });
  const destination = pino.destination({ dest: file, sync: false });
  const filed = pino(settings, destination);
  await new Promise((ready) => destination.once('ready', ready));
  filed.info('before');
  await new Promise((done) => destination.flush(done));
  fs.renameSync(file, file + '.1');
  destination.reopen(file);
  await new Promise((ready) => destination.once('ready', ready));
  filed.info('after'); destination.end();
  await new Promise((closed) => destination.once('close', closed));
  console.log(fs.readFileSync(file + '.1', 'utf8').trim(), fs.readFileSync(file, 'utf8').trim());
  fs.rmSync(folder, { recursive: true });`,
  },
];

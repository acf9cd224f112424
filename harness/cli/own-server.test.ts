import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { describedServer } from './system/server-description.ts';
import { lacksForLive } from './testing/live-needs.ts';
import { folderWith, sixways } from './testing/sixways.ts';

const SERVER = `
const kept = new Map();
require('node:http').createServer((request, response) => {
  if (request.method === 'PUT') {
    let body = '';
    request.on('data', (text) => { body += text; }).on('end', () => { kept.set(request.url, body); response.end(); });
  } else if (kept.has(request.url)) response.end(kept.get(request.url));
  else response.writeHead(404).end();
}).listen(8080, process.argv[2], () => console.log('listening'));`;

/** A package that cannot be bundled: it looks for one of its own files at run time. */
const PACKAGE = `
const { url } = require(require('node:path').join(__dirname, 'url.js'));
exports.connect = (address) => ({
  async get(key) {
    const response = await fetch(url(address, key));
    return response.status === 404 ? null : response.json();
  },
  async set(key, value) { await fetch(url(address, key), { method: 'PUT', body: JSON.stringify(value) }); },
});`;

const CLIENT = `
import { setTimeout as later } from 'node:timers/promises';
import { connect } from 'tiny-client';
import { type Client, type Host, machineOf, type Setting } from 'sixways';

export default (host: Host, { hosts }: Setting): Client => {
  const database = connect(machineOf(host).addressOf(hosts.server![0]!));
  return {
    async invoke({ f, key, value }) {
      await later(1);
      if (f === 'read') return { type: 'ok', value: await database.get(key) };
      await database.set(key, value);
      return { type: 'ok', value };
    },
  };
};`;

const DESCRIPTION = {
  name: 'tiny',
  command: ['node', `\${here}/server.cjs`, `\${address}`],
  ready: { line: 'listening' },
  client: { module: './client.ts' },
};

const { path: cwd, remove } = folderWith({
  'server.cjs': SERVER,
  'client.ts': CLIENT,
  'tiny.json': JSON.stringify(DESCRIPTION),
  'node_modules/tiny-client/package.json': '{"name":"tiny-client","version":"1.0.0","main":"index.js"}',
  'node_modules/tiny-client/index.js': PACKAGE,
  'node_modules/tiny-client/url.js': 'exports.url = (address, key) => "http://" + address + ":8080/" + key;',
});
afterAll(remove);

const http = (requests: object) => ({ ...DESCRIPTION, client: { http: requests } });

describe('the description of a server', () => {
  it.each([
    ['{"name":', /^\.\/mine\.json: expected JSON, found "Unexpected end/],
    [
      { ...DESCRIPTION, command: ['kv', `\${adress}`] },
      /mine\.json: \/command\/1: expected placeholders out of .*\$\{address\}.*, found "\$\{adress\}"/,
    ],
    [
      { ...DESCRIPTION, ready: { line: '(' } },
      /mine\.json: \/ready\/line: expected a regular expression, found "\("/,
    ],
    [DESCRIPTION, /mine\.json: \/client\/module: expected a file with a client, found ".\/client\.ts"/],
    [
      http({ read: { url: 'x' } }),
      /mine\.json: \/client\/http: expected write or add beside read, found \["read"\]/,
    ],
    [
      { ...http({ read: { url: 'x' }, write: { url: 'x' } }), tolerates: ['klil'] },
      /mine\.json: \/tolerates\/0: expected one of .*did you mean kill\?.*, found "klil"/,
    ],
    [{ ...DESCRIPTION, client: {} }, /mine\.json: \/client: expected .*exactly one of http, resp, module/],
  ])('is refused with place, expectation and value: %j', (description, message) => {
    const text = typeof description === 'string' ? description : JSON.stringify(description);
    expect(() => describedServer('./mine.json', text, tmpdir())).toThrow(message);
  });
});

it.skipIf(lacksForLive(['/usr/sbin/ip', '/usr/sbin/nft']))(
  'a server and a client of the user, with a package and builtin modules, are run and judged',
  async () => {
    const { stdout } = await sixways(['run', './tiny.json', '--faults', 'none', '--time', '1s'], { cwd });
    expect(stdout).toMatch(/^seed 1: valid.*valid {2}linearizable/s);
  },
);

describe('a system in a file that says that it is of the live world', () => {
  it('may import builtin modules', async () => {
    const text = `
import { hostname } from 'node:os';
export default {
  name: 'mine', summary: hostname(), options: { type: 'object' },
  world: 'live',
  roles: () => ({ server: 1 }), start() {}, client: () => ({ invoke: async () => ({ type: 'ok', value: null }) }),
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 1e9 }),
  tolerance: () => [], flaws: [], operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register' }), checkers: () => [{ name: 'linearizable' }],
};`;
    const { path, remove: removeIt } = folderWith({
      'live.ts': text,
      'other.ts': text.replace("world: 'live',", ''),
    });
    const live = await sixways(['plan', './live.ts'], { cwd: path });
    const other = await sixways(['plan', './other.ts'], { cwd: path });
    removeIt();
    expect([live.exitCode, other.exitCode]).toEqual([0, 64]);
    expect(other.stderr).toMatch(
      /other\.ts:2: "node:os" cannot be imported by code that runs inside the simulated world/,
    );
  });
});

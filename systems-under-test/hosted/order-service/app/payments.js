// The payment provider: what it accepts is charged. Keeps its ledger in a file, synced before it answers.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const file = process.env.LEDGER ?? './ledger.jsonl';
/** Milliseconds that a bank takes at least. */
const LATENCY = Number(process.env.LATENCY_MS ?? 60);
const ledger = [];
/** The highest fencing token that came for each order. */
const tokens = new Map();

fs.mkdirSync(path.dirname(file), { recursive: true });
if (fs.existsSync(file)) {
  const text = fs.readFileSync(file, 'utf8');
  // A line without its end was being written when the power failed: nobody was told of it.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) fs.truncateSync(file, Buffer.byteLength(whole));
  for (const line of whole.split('\n').filter(Boolean)) remember(JSON.parse(line));
}
const log = fs.openSync(file, 'a');

function remember(entry) {
  if (entry.token === undefined) ledger.push(entry);
  else tokens.set(entry.order, entry.token);
}

function write(entry) {
  fs.writeSync(log, `${JSON.stringify(entry)}\n`);
  fs.fsyncSync(log);
  remember(entry);
}

/** True if a larger token came before. The largest is kept, also over a restart. */
function superseded(order, token) {
  if (token === undefined) return false;
  const largest = tokens.get(order) ?? 0;
  if (token > largest) write({ order, token });
  return token < largest;
}

async function respond(request, response) {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const header = request.headers['x-fencing-token'];
  const token = header === undefined ? undefined : Number(header);
  const { pathname } = new URL(request.url, 'http://payments');
  if (request.method === 'GET' && pathname === '/charges') return answer(200, ledger);
  let text = '';
  for await (const chunk of request) text += chunk;
  await sleep(LATENCY + Math.random() * LATENCY);
  // Whoever hung up meanwhile would never hear of the charge.
  if (response.destroyed) return;
  const charge = request.method === 'POST' ? JSON.parse(text) : undefined;
  const order = charge?.order ?? pathname.split('/')[2];
  if (superseded(order, token)) return answer(409, { error: 'superseded' });
  if (charge !== undefined) {
    write(charge);
    return answer(201, charge);
  }
  const existing = ledger.find((entry) => entry.order === order);
  return existing === undefined ? answer(404, { error: 'no such charge' }) : answer(200, existing);
}

const server = http.createServer((request, response) => {
  respond(request, response).catch((error) => response.destroy(error));
});
const port = Number(process.env.PORT ?? 4000);
server.listen(port, () => console.log(`payments on port ${port}`));

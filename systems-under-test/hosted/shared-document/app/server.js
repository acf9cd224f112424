// A server of the document: PUT and DELETE /items/:item, GET /items. The others are told of each change at once, and asked every half second what is new to them.
import http from 'node:http';
import * as Y from 'yjs';
import { document, items } from './document.js';

const peers = (process.env.PEERS ?? '').split(',').filter(Boolean);
const OWN = Symbol('a change of our own');

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function tell(peer, path, body) {
  const response = await fetch(`http://${peer}:3000${path}`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(300),
  });
  return new Uint8Array(await response.arrayBuffer());
}

document.on('update', (update, origin) => {
  if (origin === OWN) for (const peer of peers) tell(peer, '/updates', update).catch(() => {});
});

setInterval(() => {
  for (const peer of peers) {
    tell(peer, '/missing', Y.encodeStateVector(document))
      .then((update) => Y.applyUpdate(document, update))
      .catch(() => {});
  }
}, 500);

const server = http.createServer(async (request, response) => {
  const [, where, item] = request.url.split('/');
  const body = await bodyOf(request);
  if (where === 'updates') Y.applyUpdate(document, body);
  else if (where === 'missing') return response.end(Y.encodeStateAsUpdate(document, body));
  else if (request.method === 'PUT') document.transact(() => items.push([item]), OWN);
  else if (request.method === 'DELETE')
    document.transact(() => {
      for (let nth = items.length - 1; nth >= 0; nth--) if (items.get(nth) === item) items.delete(nth);
    }, OWN);
  else return response.end(JSON.stringify(items.toArray()));
  response.end();
});
server.listen(3000, () => console.log(`a document of ${items.length} items`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));

// A document that every server has a copy of: a list, by yjs. What changes is on the own disk before anybody is told.
import fs from 'node:fs';
import path from 'node:path';
import * as Y from 'yjs';

const file = process.env.DOCUMENT ?? './document.updates';
export const document = new Y.Doc();
export const items = document.getArray('items');

fs.mkdirSync(path.dirname(file), { recursive: true });
const log = fs.openSync(file, 'a+');
const stored = fs.readFileSync(file);
// Each update after its length and a byte that says it is whole; what follows the last whole one was being written when the power failed.
let end = 0;
while (end + 5 <= stored.length) {
  const next = end + 5 + stored.readUInt32BE(end);
  if (next > stored.length || stored[end + 4] !== checksum(stored.subarray(end + 5, next))) break;
  Y.applyUpdate(document, stored.subarray(end + 5, next));
  end = next;
}
if (end < stored.length) fs.ftruncateSync(log, end);

function checksum(bytes) {
  return bytes.reduce((sum, byte) => (sum * 31 + byte) & 0xff, 1);
}

document.on('update', (update) => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(update.length);
  head[4] = checksum(update);
  fs.writeSync(log, Buffer.concat([head, update]));
  fs.fsyncSync(log);
});

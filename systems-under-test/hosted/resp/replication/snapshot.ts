import { formatId, type Stream } from '../database/stream.ts';
import type { Value } from '../database/values.ts';
import { membersOf } from '../database/values.ts';
import type { Engine } from '../engine.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { formatDouble } from '../protocol/numbers.ts';

/** So many items a command, at most. */
const CHUNK = 64;

function chunks(head: readonly string[], items: readonly string[], perItem = 1): string[][] {
  const commands: string[][] = [];
  for (let at = 0; at < items.length; at += CHUNK * perItem)
    commands.push([...head, ...items.slice(at, at + CHUNK * perItem)]);
  return commands;
}

function rebuildStream(key: string, stream: Stream): string[][] {
  const commands = stream.entries.map(({ id, fields }) => ['XADD', key, formatId(id), ...fields]);
  // An empty stream: an entry that comes and goes.
  if (commands.length === 0) commands.push(['XADD', key, '0-1', '', ''], ['XDEL', key, '0-1']);
  commands.push(['XSETID', key, formatId(stream.last)]);
  for (const [name, group] of stream.groups) {
    const read = group.read === null ? [] : ['ENTRIESREAD', String(group.read)];
    commands.push(['XGROUP', 'CREATE', key, name, formatId(group.last), ...read]);
    for (const consumer of group.consumers.keys())
      commands.push(['XGROUP', 'CREATECONSUMER', key, name, consumer]);
    for (const { id, consumer, delivered, deliveries } of group.pending)
      commands.push([
        'XCLAIM',
        key,
        name,
        consumer,
        '0',
        formatId(id),
        'TIME',
        String(delivered),
        'RETRYCOUNT',
        String(deliveries),
        'FORCE',
        'JUSTID',
      ]);
  }
  return commands;
}

function rebuild(key: string, value: Value): string[][] {
  switch (value.kind) {
    case 'string':
      return [['SET', key, value.bytes]];
    case 'list':
      return chunks(['RPUSH', key], value.items);
    case 'hash':
      return chunks(['HSET', key], [...value.fields].flat(), 2);
    case 'set':
      return chunks(['SADD', key], membersOf(value));
    case 'zset':
      return chunks(
        ['ZADD', key],
        value.set.all().flatMap(({ member, score }) => [formatDouble(score), member]),
        2,
      );
    case 'stream':
      return rebuildStream(key, value.stream);
  }
}

/** Commands, as bytes, that build the whole state from nothing. */
export function snapshot(engine: Engine): string {
  let text = '';
  for (const database of engine.databases) {
    if (database.size === 0) continue;
    text += encodeCommand(['SELECT', String(database.index)]);
    for (const key of database.keys()) {
      for (const command of rebuild(key, database.get(key)!)) text += encodeCommand(command);
      const expires = database.expires(key);
      if (expires !== null) text += encodeCommand(['PEXPIREAT', key, String(expires)]);
    }
  }
  return text;
}

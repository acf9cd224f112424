import { formatDouble } from './numbers.ts';
import {
  BigNumber,
  Blocked,
  Double,
  ErrorReply,
  Flag,
  NIL_ARRAY,
  NO_REPLY,
  Pairs,
  Push,
  type Reply,
  Several,
  Status,
  Unordered,
  Verbatim,
} from './reply.ts';

export type ProtocolVersion = 2 | 3;

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

function aggregate(mark: string, count: number, items: readonly Reply[], version: ProtocolVersion): string {
  let text = `${mark}${count}\r\n`;
  for (const item of items) text += encodeReply(item, version);
  return text;
}

/** The reply as a byte string. Errors and simple strings hold no line breaks: they are made blanks, as Redis does. */
export function encodeReply(reply: Reply, version: ProtocolVersion): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return version === 2 ? '$-1\r\n' : '_\r\n';
  if (reply === NIL_ARRAY) return version === 2 ? '*-1\r\n' : '_\r\n';
  if (reply === NO_REPLY || reply instanceof Blocked) return '';
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  if (reply instanceof ErrorReply) return `-${reply.text.replace(/[\r\n]/g, ' ')}\r\n`;
  if (reply instanceof Double) {
    const text = formatDouble(reply.value);
    return version === 2 ? bulk(text) : `,${text}\r\n`;
  }
  if (reply instanceof Flag)
    return version === 2 ? (reply.value ? ':1\r\n' : '$-1\r\n') : `#${reply.value ? 't' : 'f'}\r\n`;
  if (reply instanceof BigNumber) return version === 2 ? bulk(reply.digits) : `(${reply.digits}\r\n`;
  if (reply instanceof Pairs) {
    if (version === 2) return aggregate('*', reply.flat.length, reply.flat, version);
    return aggregate('%', reply.flat.length / 2, reply.flat, version);
  }
  if (reply instanceof Unordered)
    return aggregate(version === 2 ? '*' : '~', reply.members.length, reply.members, version);
  if (reply instanceof Verbatim) {
    if (version === 2) return bulk(reply.text);
    return `=${reply.text.length + 4}\r\n${reply.format}:${reply.text}\r\n`;
  }
  if (reply instanceof Several) return reply.replies.map((one) => encodeReply(one, version)).join('');
  if (reply instanceof Push)
    return aggregate(version === 2 ? '*' : '>', reply.items.length, reply.items, version);
  return aggregate('*', reply.length, reply, version);
}

/** A command as a client sends it. */
export function encodeCommand(argv: readonly string[]): string {
  let text = `*${argv.length}\r\n`;
  for (const word of argv) text += bulk(word);
  return text;
}

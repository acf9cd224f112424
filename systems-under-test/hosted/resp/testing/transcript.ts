import { toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { RespParser } from '../protocol/parser.ts';
import { replyEnd, sortedReply } from './reply-frames.ts';
import type { Target, Wire } from './target.ts';

/**
 * A step of a script, a line: `[n:][marks] words`, words quoted as on Redis's command line. `n` is the connection (1 if absent). Marks:
 * `@` the reply comes in no promised order; `%` only its first byte is compared; `&` nothing is waited for (a blocking command);
 * `*k` so many replies. `wait ms` is a step of its own.
 */
export interface Step {
  readonly line: string;
  readonly connection: number;
  readonly marks: string;
  readonly replies: number;
  readonly words: readonly string[];
}

export function parseStep(line: string): Step {
  const [, connection, marks, count, rest] = /^(?:([0-9]+):)?([@%&]*)(?:\*([0-9]+))?\s*([\s\S]*)$/.exec(
    line,
  )!;
  const parser = new RespParser();
  parser.feed(toBytes(`${rest}\n`));
  const words = parser.next() ?? [];
  const replies = marks!.includes('&') ? 0 : Number(count ?? 1);
  return { line, connection: Number(connection ?? 1), marks: marks!, replies, words };
}

export const steps = (script: string): Step[] =>
  script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseStep);

/** The next whole reply. */
export async function take(wire: Wire): Promise<string> {
  for (;;) {
    const end = wire.received === '' ? -1 : replyEnd(wire.received, 0);
    if (end >= 0) {
      const reply = wire.received.slice(0, end);
      wire.received = wire.received.slice(end);
      return reply;
    }
    await wire.more();
  }
}

/** What a server answers to each step, and what came on other connections meanwhile. */
export async function transcript(target: Target, script: readonly Step[]): Promise<string[]> {
  const wires = new Map<number, Wire>();
  const wire = async (nth: number): Promise<Wire> => {
    const known = wires.get(nth);
    if (known) return known;
    const opened = await target.open();
    wires.set(nth, opened);
    return opened;
  };
  const control = await target.open();
  const lines: string[] = [];
  for (const step of script) {
    if (step.words[0] === 'wait') {
      await new Promise((resolve) => setTimeout(resolve, Number(step.words[1])));
      continue;
    }
    const own = await wire(step.connection);
    own.send(encodeCommand(step.words));
    let text = '';
    for (let left = step.replies; left > 0; left--) {
      const reply = await take(own);
      text += step.marks.includes('%') ? reply[0] : step.marks.includes('@') ? sortedReply(reply) : reply;
    }
    control.send(encodeCommand(['PING']));
    await take(control);
    await new Promise((resolve) => setImmediate(resolve));
    for (const [nth, other] of wires) {
      if (other.received === '') continue;
      text += ` [${nth}: ${other.received}]`;
      other.received = '';
    }
    lines.push(`${step.line}\n    ${JSON.stringify(text)}`);
  }
  for (const opened of wires.values()) opened.close();
  control.close();
  return lines;
}

import type { Json } from '../../../harness/contract/index.ts';
import { levelOf } from '../levels/index.ts';
import type { Isolation } from '../options.ts';
import { Store } from '../store.ts';

/**
 * Runs a schedule in the notation of Berenson et al. (1995) and gives it back with what came of each step:
 *
 *     b1 begin, b1r begin read-only, w1[x=1] write, p1[x=1] append, r1[x] read, c1 commit, a1 abort; `+50` 50 ns pass
 *
 * A read shows its value (`r1[x=null]`), a step that failed its error (`c2!conflict`), one that waits for a lock an ellipsis
 * (`w2[x=2]...`), and whoever it waited for what came of it (`c1 w2[x=2]`).
 */
export async function schedule(
  isolation: Isolation,
  text: string,
  { flaws = [], lag = 0 }: { readonly flaws?: readonly string[]; readonly lag?: number } = {},
): Promise<string> {
  let now = 0;
  const options = { isolation, think: 0, lag, timeout: 1e9 };
  const level = levelOf({ options, flaw: (name) => flaws.includes(name) }, () => now);
  const store = new Store({ after: () => ({ cancel() {} }) }, level, options.timeout);
  const told: string[] = [];
  for (const word of text.split(/\s+/)) {
    if (word.startsWith('+')) {
      now += Number(word.slice(1));
      continue;
    }
    let settled = false;
    const { session, message } = stepOf(word);
    const place = told.length;
    void store.execute(session, message).then((reply) => {
      settled = true;
      told.push(outcome(word, message, reply as { readonly [name: string]: Json }));
    });
    for (let turn = 0; turn < 10; turn++) await null;
    if (!settled) told.splice(place, 0, `${word}...`);
  }
  return told.join(' ');
}

function stepOf(word: string): { session: string; message: { readonly [name: string]: Json } } {
  const match = /^([bwprca])(\d)(r?)(?:\[(\w+)(?:=(\w+))?\])?$/.exec(word);
  if (match === null) throw new Error(`expected a step such as b1, w1[x=1], r1[x] or c1, got ${word}`);
  const [, verb, session, readOnly, key = null, value] = match;
  const f = { b: 'begin', w: 'write', p: 'append', r: 'read', c: 'commit', a: 'abort' }[verb!]!;
  const argument = f === 'begin' ? (readOnly === 'r' ? 'read-only' : null) : Number(value);
  return { session: session!, message: { f, key, value: argument } };
}

function outcome(
  word: string,
  message: { readonly [name: string]: Json },
  reply: { readonly [name: string]: Json },
): string {
  if (reply.type !== 'ok') return message.f === 'abort' ? word : `${word}!${reply.error}`;
  return message.f === 'read' ? word.replace(']', `=${JSON.stringify(reply.value)}]`) : word;
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HistoryError, type HistoryEvent } from '../index.ts';
import { EdnImport } from './edn.ts';

/** Lines of every shape that is known; what follows is done to any mixture of them. */
const LINES = [
  '{:index 0, :time 10, :process 0, :type :invoke, :f :read, :value [:x nil]}',
  '{:process 0, :type :ok, :f :read, :value [:x 5], :time 20, :index 1}',
  '{:type :invoke, :f :txn, :value [[:append 9 1] [:r 9 nil]], :process 1}',
  '{:type :ok, :f :txn, :value [[:append 9 1] [:r 9 [1 2 3 4 5]]], :process 1}',
  '#jepsen.history.Op{:process 2, :type :invoke, :f :write, :value #jepsen.independent.tuple [3 -7], :node "n1"}',
  '{:process 2 :type :info :f :write :value #jepsen.independent.tuple [3 -7] :error [:timeout "after 5\\ns"]}',
  '{:process :nemesis, :type :info, :f :start, :value {"n1" #{"n2" \\a}, :at #inst "2020-01-01"}}',
  '#_ {:discarded [1 2]} ; a comment',
  '; {:not :read}',
  '{:process 3, :type :invoke, :f :cas, :value (1 [2M 1/3 12N 0x1F 1e3 +4 ##Inf])}',
  '{:process 3, :type :invoke, :f :read, :value 12345678901234567890, :time 007}',
  '{:process 4, :type :invoke, :f nil, :value true, :extra ^:meta foo}',
  '[',
  ']',
  '{:process 4, :type :invoke, :f :f, :value "é"}',
];

type Outcome =
  | { readonly events: readonly HistoryEvent[]; readonly cutOff?: unknown }
  | { readonly error: string };

/** @throws whatever is no HistoryError */
function outcome(text: Buffer, pieces: number, before = '', keyed: 'auto' | false = 'auto'): Outcome {
  const reader = new EdnImport('x.edn', { keyed });
  try {
    if (before !== '') reader.feed(Buffer.from(before));
    const size = Math.max(1, Math.ceil(text.length / pieces));
    for (let at = 0; at < text.length; at += size) reader.feed(text.subarray(at, at + size));
    const { events, cutOff } = reader.end();
    return { events, ...(cutOff && { cutOff }) };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    if (
      error.code !== 'empty' &&
      error.code !== 'not-keyed' &&
      error.code !== 'mismatch' &&
      error.code !== 'binary'
    ) {
      expect(error.line).toBeGreaterThan(0);
      expect(error.column).toBeGreaterThan(0);
    }
    // A token that a piece ends in is quoted as far as it goes, and its column may be that of the tag before it.
    return { error: error.message.replace(/, got [^,]*$/, '').replace(/^(x.edn:\d+):\d+/, '$1') };
  }
}

const texts = fc
  .oneof(
    fc.array(fc.constantFrom(...LINES), { maxLength: 6 }),
    // In order, so that they pair.
    fc.tuple(fc.nat(6), fc.nat(8)).map(([from, count]) => LINES.slice(from - (from % 2), from + count)),
  )
  .map((lines) => Buffer.from(`${lines.join('\n')}\n`));

/** Bytes that mean something, set where they may not stand. */
const damages = fc.array(
  fc.record({ at: fc.nat(), byte: fc.constantFrom(...Buffer.from('{}[]()"\\:#;_ \n-9aN/\0')) }),
  {
    maxLength: 2,
  },
);

function damaged(text: Buffer, damage: readonly { at: number; byte: number }[]): Buffer {
  const copy = Buffer.from(text);
  for (const { at, byte } of damage) if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
}

it('mutated bytes: a history or one error with its place, the same in whatever pieces it comes', () => {
  const seen = { history: 0, error: 0 };
  fc.assert(
    fc.property(texts, damages, fc.integer({ min: 2, max: 40 }), (text, damage, pieces) => {
      const bytes = damaged(text, damage);
      const whole = outcome(bytes, 1);
      const inPieces = outcome(bytes, pieces);
      // Of several mistakes the one that is met first is told, and a piece is understood before the next one is read.
      if ('error' in whole) expect(inPieces).toHaveProperty('error');
      else expect(inPieces).toEqual(whole);
      seen['error' in whole ? 'error' : 'history']++;
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.history, seen.error)).toBeGreaterThan(150);
});

it('the short way for plain operations reads what the whole scanner reads', () => {
  fc.assert(
    fc.property(texts, damages, (text, damage) => {
      const bytes = damaged(text, damage);
      // A character that is not ASCII, anywhere before, and everything takes the long way. Lines are one more there.
      const long = outcome(bytes, 1, '; é\n');
      const short = outcome(bytes, 1, '; e\n');
      expect(short).toEqual(long);
    }),
    { numRuns: 2000 },
  );
});

it('cut at every byte: the operations before the cut', () => {
  const text = Buffer.from(`${LINES.slice(0, 9).join('\n')}\n`);
  const whole = outcome(text, 1, '', false);
  expect(whole).toMatchObject({ events: { length: 7 } });
  for (let end = 0; end < text.length; end++) {
    const part = outcome(text.subarray(0, end), 1, '', false);
    if ('error' in part) expect(part.error).toMatch(/expected operations$/);
    else if ('events' in whole) expect(whole.events.slice(0, part.events.length)).toEqual(part.events);
  }
});

it('a tag at the end of a piece, with blanks after it, waits for its map', () => {
  const reader = new EdnImport('x.edn', {});
  for (const piece of ['#jepsen.history.Op\n', '  {:process 0, :type :invoke, :f :read, :value nil}'])
    reader.feed(Buffer.from(piece));
  expect(reader.end().events).toMatchObject([{ process: 0, type: 'invoke', f: 'read' }]);
});

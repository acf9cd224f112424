import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBytes } from './bytes.ts';
import { encodeCommand, encodeReply } from './encode.ts';
import { globMatches } from './glob.ts';
import { addDecimals } from './long-double.ts';
import { formatGeneral } from './numbers.ts';
import { RespParser } from './parser.ts';
import { Double, ErrorReply, NIL_ARRAY, OK, Pairs, type Reply, Unordered } from './reply.ts';
import { ReplyParser } from './reply-parser.ts';

const binary = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 });

function parsed(text: string): string[][] {
  const parser = new RespParser();
  parser.feed(toBytes(text));
  const commands: string[][] = [];
  for (let next = parser.next(); next !== null; next = parser.next()) commands.push(next);
  return commands;
}

describe('commands on the wire', () => {
  it('come out as they went in, whatever their bytes and however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(binary, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (commands, cuts) => {
          const text = commands.map(encodeCommand).join('');
          const parser = new RespParser();
          const found: string[][] = [];
          for (let at = 0, nth = 0; at < text.length; nth++) {
            const length = cuts[nth % cuts.length]!;
            parser.feed(toBytes(text.slice(at, at + length)));
            at += length;
            for (let next = parser.next(); next !== null; next = parser.next()) found.push(next);
          }
          expect(found).toEqual(commands);
          expect(parser.unread).toBe(0);
        },
      ),
    );
  });

  it('may be words on a line, quoted as in a shell', () => {
    expect(parsed("PING\r\nSET a \"b c\\x41\\n\" 'd\\'e'\n\r\nGET a\r\n")).toEqual([
      ['PING'],
      ['SET', 'a', 'b cA\n', "d'e"],
      ['GET', 'a'],
    ]);
  });

  const broken = [
    ['*x\r\n', 'invalid multibulk length'],
    ['*2000000\r\n', 'invalid multibulk length'],
    ['*1\r\n+a\r\n', "expected '$', got '+'"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['GET "a\r\n', 'unbalanced quotes'],
  ] as const;
  for (const [text, message] of broken)
    it(`are refused if they are ${JSON.stringify(text)}`, () => {
      expect(() => parsed(text)).toThrow(message);
    });
});

describe('replies on the wire', () => {
  it('differ by version', () => {
    const reply: Reply = [
      OK,
      1,
      null,
      NIL_ARRAY,
      new Double(1.5),
      new Pairs(['a', 2]),
      new Unordered(['m']),
      new ErrorReply('ERR a\r\nb'),
    ];
    expect(encodeReply(reply, 2)).toBe(
      '*8\r\n+OK\r\n:1\r\n$-1\r\n*-1\r\n$3\r\n1.5\r\n*2\r\n$1\r\na\r\n:2\r\n*1\r\n$1\r\nm\r\n-ERR a  b\r\n',
    );
    expect(encodeReply(reply, 3)).toBe(
      '*8\r\n+OK\r\n:1\r\n_\r\n_\r\n,1.5\r\n%1\r\n$1\r\na\r\n:2\r\n~1\r\n$1\r\nm\r\n-ERR a  b\r\n',
    );
  });

  it('are read back by a client that gets them in pieces', () => {
    const reply: Reply = [OK, 5, null, NIL_ARRAY, 'bulk', ['nested', []], new ErrorReply('ERR no')];
    const parser = new ReplyParser();
    const text = encodeReply(reply, 2);
    for (const character of text.slice(0, -1)) {
      parser.feed(character);
      expect(parser.next()).toBeUndefined();
    }
    parser.feed('\n');
    expect(parser.next()).toEqual(reply);
  });
});

describe('numbers', () => {
  it('are written as C writes them', () => {
    expect([0.1, 1e20, 1.5e-10, 3, -0.5, 123456789012345680].map((one) => formatGeneral(one, 17))).toEqual([
      '0.10000000000000001',
      '1e+20',
      '1.5e-10',
      '3',
      '-0.5',
      '1.2345678901234568e+17',
    ]);
    // Halfway between two: to the even one.
    expect([0.5, 1.5, 2.5, 123456789012345].map((one) => formatGeneral(one, one < 10 ? 1 : 14))).toEqual([
      '0.5',
      '2',
      '2',
      '1.2345678901234e+14',
    ]);
  });

  it('are added in the extended format of x87', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(addDecimals('3.0e3', '200')).toBe('3200');
    expect(addDecimals('5', '-5')).toBe('0');
    expect(addDecimals('1e15', '0.1')).toBe('1000000000000000.09997558593750000'.replace(/0+$/, ''));
    expect(addDecimals('x', '1')).toBeNull();
  });
});

describe('patterns of names', () => {
  const cases = [
    ['h?llo', 'hello', true],
    ['h*o', 'hello', true],
    ['h*o', 'hell', false],
    ['[^a-c]x', 'dx', true],
    ['[^a-c]x', 'bx', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a*b*c', 'axxbyyc', true],
    ['*', '', true],
    ['', 'a', false],
  ] as const;
  for (const [pattern, text, fits] of cases)
    it(`${pattern} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
      expect(globMatches(pattern, text)).toBe(fits);
    });
});

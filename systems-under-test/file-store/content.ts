import { HostError, type Json } from '../../harness/contract/index.ts';

/** The text of a value does not fit into a file. Certainly not stored. */
export class ValueTooLarge extends HostError {
  constructor(bytes: number, most: number) {
    super('value-too-large', `expected a value of at most ${most} bytes as text, got ${bytes}`, true);
  }
}

/**
 * The content of a file that stands for a value: the value's text as a line, again and again, so that every byte of every chunk says which
 * write it is of. @returns One text for each chunk. @throws ValueTooLarge
 */
export function chunksOf(value: Json, chunks: number, chunkBytes: number): readonly string[] {
  const line = `${ascii(JSON.stringify(value))}\n`;
  const total = chunks * chunkBytes;
  if (line.length > total) throw new ValueTooLarge(line.length, total);
  const content = repeated(line, total);
  return Array.from({ length: chunks }, (_, nth) => content.slice(nth * chunkBytes, (nth + 1) * chunkBytes));
}

/**
 * The value for which a file of these chunks stands. Content that no single write could have left gives the first of its different
 * lines, as an object that is nobody's value: it is what a reader of the file would see.
 */
export function valueIn(chunks: readonly string[]): Json {
  const content = chunks.join('');
  const end = content.indexOf('\n') + 1;
  const line = content.slice(0, end);
  if (end > 0 && content === repeated(line, content.length)) {
    try {
      return JSON.parse(line) as Json;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  const different = [...new Set(content.split('\n'))];
  return { notOneWrite: different.slice(0, 4).map(ascii) };
}

function repeated(line: string, length: number): string {
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}

function ascii(text: string): string {
  return text.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

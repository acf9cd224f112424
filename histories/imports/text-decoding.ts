import { isAscii } from 'node:buffer';
import { HistoryError } from '../error.ts';

/** Bytes to text, piece by piece; a character may be spread over two. Plain ASCII, the usual case, takes a short way. */
export class TextDecoding {
  private readonly file: string | undefined;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private plain = true;

  constructor(file: string | undefined) {
    this.file = file;
  }

  /** @throws HistoryError `binary` */
  decode(chunk: Buffer): string {
    this.plain &&= isAscii(chunk);
    return this.plain
      ? chunk.toString('latin1')
      : this.decoded(() => this.decoder.decode(chunk, { stream: true }));
  }

  /**
   * The same text as one piece of memory: engines keep concatenated texts as trees, slow to read by character. With its bytes, one for each
   * character, as long as all of the file has been ASCII.
   */
  flat(text: string): { readonly text: string; readonly bytes: Buffer | undefined } {
    const encoding = this.plain ? 'latin1' : 'utf16le';
    const bytes = Buffer.from(text, encoding);
    return { text: bytes.toString(encoding), bytes: this.plain ? bytes : undefined };
  }

  /** What is left over at the end of the file: nothing, unless it is cut within a character. */
  end(): string {
    return this.plain ? '' : this.decoded(() => this.decoder.decode());
  }

  private decoded(decode: () => string): string {
    try {
      return decode();
    } catch {
      throw new HistoryError('binary', 'expected text in UTF-8, got other bytes', { file: this.file });
    }
  }
}

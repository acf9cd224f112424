import { HistoryError } from '../error.ts';

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * CSV as RFC 4180 has it: rows end with CRLF (or LF, as most programs write), a cell in quotes may contain delimiters, line ends, and quotes doubled. Takes
 * the text piece by piece. Cost: linear.
 */
export class CsvReader {
  private readonly file: string | undefined;
  private readonly delimiter: string;
  private line = 1;
  private begun = 1;
  private cells: string[] = [];
  private cell = '';
  /** `quote`: just after a quote within quotes, which ends them or is the first of two. */
  private state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';

  constructor(file: string | undefined, delimiter: string) {
    this.file = file;
    this.delimiter = delimiter;
  }

  /** @throws HistoryError `not-csv` */
  feed(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    const { delimiter } = this;
    for (const character of text) {
      if (this.state === 'quoted') {
        if (character === '"') this.state = 'quote';
        else this.cell += character;
        if (character === '\n') this.line++;
      } else if (this.state === 'quote' && character === '"') {
        this.cell += '"';
        this.state = 'quoted';
      } else if (character === delimiter) this.endCell();
      else if (character === '\n') {
        this.endRow(rows);
        this.begun = ++this.line;
      } else if (this.state === 'start' && character === '"') this.state = 'quoted';
      else if (this.state === 'quote' && character !== '\r') {
        throw this.error(
          `expected ${JSON.stringify(delimiter)} or the end of the row after a quote, got ${JSON.stringify(character)}`,
        );
      } else if (this.state !== 'quote') {
        this.state = 'plain';
        this.cell += character;
      }
    }
    return rows;
  }

  /** @throws HistoryError `not-csv` */
  end(): CsvRow[] {
    if (this.state === 'quoted')
      throw this.error('expected the end of a cell in quotes, got the end of the file');
    const rows: CsvRow[] = [];
    this.endRow(rows);
    return rows;
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 'start';
  }

  private endRow(rows: CsvRow[]): void {
    if (this.state === 'plain' && this.cell.endsWith('\r')) this.cell = this.cell.slice(0, -1);
    const empty = this.cells.length === 0 && this.cell === '' && this.state !== 'quote';
    this.endCell();
    if (!empty) rows.push({ line: this.begun, cells: this.cells });
    this.cells = [];
  }

  private error(message: string): HistoryError {
    return new HistoryError('not-csv', message, { file: this.file, line: this.begun });
  }
}

import type { Hash } from 'node:crypto';
import { HistoryError } from '../error.ts';
import { TextDecoding } from '../imports/text-decoding.ts';
import type { Json } from '../operation.ts';
import { fileChunks } from '../reader.ts';
import { CsvReader } from './csv.ts';
import type { Mapping } from './schema.ts';

type JsonObject = { readonly [name: string]: Json };

/** A row of a log, before it is known what it means. */
export interface Row {
  readonly line: number;
  /** The value there; undefined if the row has none. Cells of CSV that are empty are none. */
  get(from: string): Json | undefined;
}

/** The rows of a file in their order. `digest` is told its bytes. @throws HistoryError with file and line */
export async function* rowsOf(
  file: string,
  { format, delimiter = ',' }: Mapping,
  digest: Hash,
): AsyncGenerator<Row> {
  const decoding = new TextDecoding(file);
  if (format === 'csv') {
    const csv = new CsvReader(file, delimiter);
    const table = new CsvTable(file);
    for await (const chunk of fileChunks(file)) {
      digest.update(chunk);
      yield* table.rows(csv.feed(decoding.decode(chunk)));
    }
    yield* table.rows([...csv.feed(decoding.end()), ...csv.end()]);
    return;
  }
  let rest = '';
  let line = 0;
  const parse = function* (text: string): Generator<Row> {
    line++;
    if (text.trim() === '') return;
    const value = parsed(text, file, line);
    if (format === 'jsonl') yield new JsonRow(line, value);
    else for (const span of spansOf(value)) yield new JsonRow(line, span);
  };
  for await (const chunk of fileChunks(file)) {
    digest.update(chunk);
    const lines = (rest + decoding.decode(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield* parse(text);
  }
  yield* parse(rest + decoding.end());
}

function parsed(text: string, file: string, line: number): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new HistoryError('not-json', `expected JSON: ${(error as Error).message}`, { file, line });
  }
}

/** Rows of CSV by the names in the first one. */
class CsvTable {
  private readonly file: string;
  private columns: Map<string, number> | undefined;

  constructor(file: string) {
    this.file = file;
  }

  *rows(raw: readonly { readonly line: number; readonly cells: readonly string[] }[]): Generator<Row> {
    for (const { line, cells } of raw) {
      if (this.columns === undefined) {
        this.columns = new Map(cells.map((name, at) => [at === 0 ? name.replace(/^\ufeff/, '') : name, at]));
        continue;
      }
      const { columns, file } = this;
      if (cells.length !== columns.size) {
        const message = `expected ${columns.size} cells as in the first row, got ${cells.length}`;
        throw new HistoryError('not-csv', message, { file, line });
      }
      yield {
        line,
        get(from) {
          const at = columns.get(from);
          if (at === undefined) {
            const known = [...columns.keys()].join(', ');
            throw new HistoryError(
              'bad-mapping',
              `expected a column of ${known}, got ${JSON.stringify(from)}`,
              { file },
            );
          }
          return cells[at] === '' ? undefined : cells[at];
        },
      };
    }
  }
}

class JsonRow implements Row {
  readonly line: number;
  private readonly value: Json;

  constructor(line: number, value: Json) {
    this.line = line;
    this.value = value;
  }

  get(pointer: string): Json | undefined {
    let at: Json | undefined = this.value;
    for (const part of pointer.split('/').slice(1)) {
      if (at === null || typeof at !== 'object') return undefined;
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      at = Object.hasOwn(at, name) ? (at as JsonObject)[name] : undefined;
    }
    return at ?? undefined;
  }
}

/**
 * The spans of one line as the file exporter of the OpenTelemetry collector writes it (OTLP/JSON), each flat: the span's own fields, its
 * `attributes` and its `resource` as objects from names to plain values.
 */
function* spansOf(line: Json): Generator<Json> {
  for (const resourceSpans of list(line, 'resourceSpans')) {
    const resource = attributesOf(member(resourceSpans, 'resource'));
    for (const scopeSpans of list(resourceSpans, 'scopeSpans')) {
      for (const span of list(scopeSpans, 'spans'))
        yield { ...(span as JsonObject), attributes: attributesOf(span), resource };
    }
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)[name]
    : undefined;
}

function list(value: Json | undefined, name: string): readonly Json[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

function attributesOf(holder: Json | undefined): JsonObject {
  return Object.fromEntries(
    list(holder, 'attributes').map((one) => [String(member(one, 'key')), plain(member(one, 'value'))]),
  );
}

/** `{"intValue": "5"}` is 5; 64-bit integers that a double cannot hold stay texts. */
function plain(value: Json | undefined): Json {
  const integer = member(value, 'intValue');
  if (integer !== undefined) return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  const items = member(value, 'arrayValue');
  if (items !== undefined) return list(items, 'values').map(plain);
  for (const kind of ['stringValue', 'boolValue', 'doubleValue']) {
    const found = member(value, kind);
    if (found !== undefined) return found;
  }
  return null;
}

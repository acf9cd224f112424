import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative, resolve } from 'node:path';

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Where code of a bundle comes from. */
export class SourcePlaces {
  private readonly map: SourceMap;
  private readonly root: string;

  constructor(map: string) {
    const payload = JSON.parse(map) as SourceMapPayload;
    this.root = payload.sourceRoot;
    this.map = new SourceMap({ ...payload, sourceRoot: '' });
  }

  /** `my-system.ts:12`, relative to the working directory; empty if unknown. Line and column count from 0. */
  at(line: number, column: number): string {
    const entry = this.map.findEntry(line, column);
    if (!('originalSource' in entry)) return '';
    const file = resolve(this.root, entry.originalSource);
    const shown = relative(process.cwd(), file);
    return `${shown.startsWith('..') ? file : shown}:${entry.originalLine + 1}`;
  }

  /** The same for an offset into the bundle's code. */
  ofOffset(code: string, offset: number): string {
    const before = code.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return this.at(before.split('\n').length - 1, offset - lineStart);
  }
}

/** The user's line in which an error arose that was thrown while this bundle ran; empty if none of its lines is in the stack. */
export function placeOfError(error: unknown, module: string | undefined): string {
  if (module === undefined || !(error instanceof Error) || error.stack === undefined) return '';
  const frames = error.stack.split('\n').filter((frame) => frame.includes(module));
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frames[0] ?? '') ?? [];
  if (line === undefined) return '';
  const [, encoded] = INLINE_MAP.exec(readFileSync(module, 'utf8')) ?? [];
  if (encoded === undefined) return '';
  return new SourcePlaces(Buffer.from(encoded, 'base64').toString()).at(Number(line) - 1, Number(column) - 1);
}

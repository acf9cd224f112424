import type { Json } from '../../harness/contract/index.ts';

/**
 * One version of one chunk: what copies are copies of. Its content never changes; a write of the file makes a new version of
 * each of its chunks. Versions of a file ascend in the order in which they were begun.
 */
export interface Chunk {
  /** `<file>.<number>`. */
  readonly handle: string;
  readonly version: number;
}

export function handleOf(file: string, number: number): string {
  return `${file}.${number}`;
}

export function fileOf(handle: string): string {
  return handle.slice(0, handle.lastIndexOf('.'));
}

/** How a chunk is named in reports and orders. */
export function idOf({ handle, version }: Chunk): string {
  return `${handle}@${version}`;
}

export function parseId(id: string): Chunk {
  const at = id.lastIndexOf('@');
  return { handle: id.slice(0, at), version: Number(id.slice(at + 1)) };
}

/** What a chunk server tells the master: all that it holds. */
export interface Report {
  readonly f: 'report';
  readonly incarnation: number;
  /** 1 for the first report of an incarnation. */
  readonly nth: number;
  readonly copies: readonly string[];
  /** Copies that do not match their checksums. */
  readonly damaged: readonly string[];
  /** The disk answers nothing any more: neither is there anything to serve, nor room for a copy. */
  readonly failed: boolean;
  /** By the wall clock, in microseconds; for people. Nothing depends on it. */
  readonly time: number;
  readonly [name: string]: Json;
}

/** What the master answers: copies to remove, and copies to make from those of others. */
export interface Orders {
  readonly type: 'ok';
  readonly remove: readonly string[];
  readonly copy: readonly { readonly id: string; readonly from: readonly string[] }[];
  readonly [name: string]: Json;
}

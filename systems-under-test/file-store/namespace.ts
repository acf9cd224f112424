import type { Host, Json } from '../../harness/contract/index.ts';
import type { Outcome } from '../shared/command.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { plainTable, type ValueTable } from '../shared/value-table.ts';
import { type Chunk, fileOf, handleOf } from './chunk.ts';

/** How many versions one start of the master can give. */
const VERSIONS_PER_EPOCH = 1_000_000;
const EPOCH = 'epoch';
/** Before the names of files, so that none is the master's own entry. */
const FILE = '/';

/**
 * The files and the version of each that was committed last, in the master's memory and, before anybody hears of it, in its operation
 * log (GFS, sections 2.6.3 and 4.1). Where the copies are is not in it.
 */
export class Namespace {
  private readonly store: DurableStore;
  private readonly table: ValueTable = plainTable();
  private epoch = 0;
  private given = 0;
  private readonly host: Host;

  constructor(host: Host, checkpointBytes: number) {
    this.host = host;
    this.store = new DurableStore(host, this.table, { checkpointBytes });
  }

  /** Reads log and checkpoint, and begins an epoch: versions ascend over all starts. @returns Whether it serves. */
  async open(): Promise<boolean> {
    await this.store.open();
    const before = await this.store.execute({ f: 'read', key: EPOCH });
    if (before.type !== 'ok') return false;
    const epoch = Number(before.value ?? 0) + 1;
    const kept = await this.store.execute({ f: 'write', key: EPOCH, value: epoch });
    if (kept.type !== 'ok') return false;
    this.epoch = epoch;
    return true;
  }

  /** A version that was never given before. */
  nextVersion(): number {
    return this.epoch * VERSIONS_PER_EPOCH + ++this.given;
  }

  /** The version committed last; 0 for a file that was never written. */
  version(file: string): number {
    return Number(this.table.get(FILE + file) ?? 0);
  }

  /** The chunks that make up all files. */
  chunks(perFile: number): Chunk[] {
    const files = this.table.entries().filter(([key]) => String(key).startsWith(FILE));
    return files.flatMap(([key, version]) =>
      Array.from({ length: perFile }, (_, nth) => ({
        handle: handleOf(String(key).slice(FILE.length), nth),
        version: Number(version),
      })),
    );
  }

  isCurrent({ handle, version }: Chunk): boolean {
    return this.version(fileOf(handle)) === version;
  }

  /** Makes this version the file's, if `before` still is: `cas-mismatch` otherwise. */
  commit(file: string, before: number, version: number): Promise<Outcome> {
    this.host.always(version > before, 'versions of a file only go up', { file, before, version });
    const expected: Json = before === 0 ? null : before;
    return this.store.execute({ f: 'cas', key: FILE + file, value: [expected, version] });
  }
}

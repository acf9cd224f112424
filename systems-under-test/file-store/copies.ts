import { type Disk, DiskFailure, type Host, HostError } from '../../harness/contract/index.ts';
import { type Chunk, idOf, parseId } from './chunk.ts';
import { DamagedChunk, decodeChunk, encodeChunk } from './chunk-file.ts';

const PREFIX = 'chunk-';

export interface CopyFlaws {
  /** Leaves it to the operating system when a copy reaches the disk. */
  readonly skipSync: boolean;
}

/**
 * The copies on one disk, a file each. What the disk says of itself is not believed: every reading compares checksums, and a copy that
 * does not match is *damaged*. It is kept until the master knows of enough sound ones elsewhere, but neither served nor counted.
 */
export class Copies {
  private readonly host: Host;
  private readonly disk: Disk;
  private readonly blockBytes: number;
  private readonly flaws: CopyFlaws;
  private readonly states = new Map<string, { sound: boolean }>();
  /** The disk answers nothing any more. */
  failed = false;

  constructor(host: Host, blockBytes: number, flaws: CopyFlaws) {
    this.host = host;
    this.disk = host.disk;
    this.blockBytes = blockBytes;
    this.flaws = flaws;
  }

  /**
   * Looks through the disk. What is found is synced before it is told: after the death of a process it may still have been
   * in the page cache only, and nobody must count what the next power failure takes away.
   */
  async open(): Promise<void> {
    const files = await this.guarded(() => this.disk.list());
    for (const file of files ?? []) {
      if (!file.startsWith(PREFIX)) continue;
      const id = file.slice(PREFIX.length);
      this.states.set(id, { sound: true });
      if ((await this.read(parseId(id))) !== undefined) await this.guarded(() => this.disk.sync(file));
    }
  }

  /** Ids of all copies that are sound as far as anybody knows, or of those that are not. */
  ids(sound: boolean): string[] {
    const ids: string[] = [];
    for (const [id, state] of this.states) if (state.sound === sound) ids.push(id);
    return ids;
  }

  has(chunk: Chunk): boolean {
    return this.states.get(idOf(chunk))?.sound === true;
  }

  /** The newest version of a chunk that is here. Only a fault on purpose asks. */
  newest(handle: string): Chunk | undefined {
    const versions = this.ids(true)
      .map(parseId)
      .filter((chunk) => chunk.handle === handle);
    return versions.sort((a, b) => b.version - a.version)[0];
  }

  /** The data; undefined if there is no sound copy. `verify` false: whatever stands there, without looking at checksums. */
  async read(chunk: Chunk, verify = true): Promise<string | undefined> {
    const id = idOf(chunk);
    const state = this.states.get(id);
    if (state === undefined || (verify && !state.sound)) return undefined;
    try {
      return decodeChunk(await this.disk.read(PREFIX + id), this.blockBytes, verify);
    } catch (error) {
      if (!(error instanceof DamagedChunk || error instanceof DiskFailure)) throw error;
      await this.suspect(id, state, error);
      return undefined;
    }
  }

  /** Resolves when the copy is on stable storage. @throws DiskFull, DiskFailure */
  async store(chunk: Chunk, data: string): Promise<void> {
    const id = idOf(chunk);
    try {
      const bytes = encodeChunk(data, this.blockBytes);
      await this.disk.write(PREFIX + id, 0, bytes, { sync: !this.flaws.skipSync });
    } catch (error) {
      if (error instanceof DiskFailure) this.fail();
      throw error;
    }
    this.states.set(id, { sound: true });
  }

  /** A copy that comes back after a power failure is removed again when it is reported. */
  async remove(id: string): Promise<void> {
    await this.guarded(() => this.disk.remove(PREFIX + id));
    this.states.delete(id);
  }

  /** The disk could not give what it holds: one copy is damaged, or all is lost. */
  private async suspect(id: string, state: { sound: boolean }, error: HostError): Promise<void> {
    // Meanwhile it may have been removed, or written anew.
    if (this.states.get(id) !== state) return;
    if (state.sound && (await this.guarded(() => this.disk.list())) !== undefined) {
      this.host.note('damage-found', { chunk: id, what: error.code });
    }
    state.sound = false;
  }

  private async guarded<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.fail();
      return undefined;
    }
  }

  private fail(): void {
    if (!this.failed) this.host.note('disk-failed', { copies: this.states.size });
    this.failed = true;
  }
}

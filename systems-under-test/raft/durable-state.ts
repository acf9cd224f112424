import type { Disk, Json } from '../../harness/contract/index.ts';
import { seal } from '../shared/sealed.ts';
import { readSealed } from './sealed-file.ts';

/** What a server must never forget beside its log (extended Raft paper, figure 2), and whether its log lost something. */
export type DurableState = {
  readonly term: number;
  readonly votedFor: string | null;
  /**
   * True while this server may lack entries that it acknowledged: it does not vote and does not stand, until a leader of a term newer than
   * the loss has made its log whole (`recovery.ts`).
   */
  readonly recovering: boolean;
};

export const COPIES = ['state-a', 'state-b'] as const;

/**
 * Term and vote in two copies, each replaced as a whole and synced before anything is sent that depends on them. One damaged copy is
 * healed from the other; with both damaged, the server knows that it does not know.
 */
export class DurableStateFile {
  private readonly disk: Disk;
  private version = 0;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** The last state saved; undefined if no copy is intact. @throws DiskFailure */
  async load(): Promise<DurableState | undefined> {
    let newest: DurableState | undefined;
    for (const file of COPIES) {
      const found = await readSealed(this.disk, file);
      if (typeof found === 'string') continue;
      const [version, state] = found.content as [number, DurableState];
      if (version <= this.version) continue;
      this.version = version;
      newest = state;
    }
    return newest;
  }

  /** Resolves when both copies are on stable storage. @throws DiskFull, DiskFailure */
  async save(state: DurableState): Promise<void> {
    const bytes = seal([++this.version, state] satisfies Json);
    for (const file of COPIES) {
      await this.disk.replace(file, bytes, { sync: true });
    }
  }
}

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

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /**
   * The state saved last, or the one before, if the process died between the copies: nothing had been sent that depends on it.
   * Undefined if no copy is intact. @throws DiskFailure
   */
  async load(): Promise<DurableState | undefined> {
    for (const file of COPIES) {
      const found = await readSealed(this.disk, file);
      if (typeof found !== 'string') return found.content as DurableState;
    }
    return undefined;
  }

  /** Resolves when both copies are on stable storage. @throws DiskFull, DiskFailure */
  async save(state: DurableState): Promise<void> {
    const bytes = seal(state satisfies Json);
    for (const file of COPIES) {
      await this.disk.replace(file, bytes, { sync: true });
    }
  }
}

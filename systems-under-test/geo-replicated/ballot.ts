import type { Disk } from '../../harness/contract/index.ts';
import { loadSealed, seal } from '../shared/sealed.ts';

const FILE = 'ballot';

type Stored = { readonly term: number; readonly vote: string };

/** The newest term that a site has agreed to, and for whom; on disk before anybody hears of it. */
export class Ballot {
  private readonly disk: Disk;
  private stored: Stored = { term: 0, vote: '' };

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** @returns false if there is none on the disk. @throws DamagedStorage, DiskFailure */
  async open(): Promise<boolean> {
    const stored = loadSealed(await this.disk.read(FILE), FILE) as Stored | undefined;
    this.stored = stored ?? this.stored;
    return stored !== undefined;
  }

  get term(): number {
    return this.stored.term;
  }

  get vote(): string {
    return this.stored.vote;
  }

  /** @throws DiskFull: the old one stays. DiskFailure. */
  async cast(term: number, vote: string): Promise<void> {
    const stored = { term, vote };
    await this.disk.replace(FILE, seal(stored));
    this.stored = stored;
  }
}

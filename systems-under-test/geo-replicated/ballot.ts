import type { Host } from '../../harness/contract/index.ts';
import { loadSealed, seal } from '../shared/sealed.ts';

const FILE = 'ballot';

type Stored = { readonly term: number; readonly vote: string };

/** The newest term that a site has agreed to, and for whom; on disk before anybody hears of it. */
export class Ballot {
  private readonly host: Pick<Host, 'disk' | 'always'>;
  private stored: Stored = { term: 0, vote: '' };

  constructor(host: Pick<Host, 'disk' | 'always'>) {
    this.host = host;
  }

  /** @returns false if there is none on the disk. @throws DamagedStorage, DiskFailure */
  async open(): Promise<boolean> {
    const stored = loadSealed(await this.host.disk.read(FILE), FILE) as Stored | undefined;
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
    this.host.always(term >= this.term, 'a site never goes back to an earlier term', { from: this.term, to: term });
    await this.host.disk.replace(FILE, seal(stored));
    this.stored = stored;
  }
}

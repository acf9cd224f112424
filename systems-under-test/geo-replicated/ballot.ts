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

  /** Votes, once in a term and never in one that is over. @throws DiskFull: the old one stays. DiskFailure. */
  cast(term: number, vote: string): Promise<void> {
    this.host.always(term > this.term, 'a site votes once in a term', { from: this.term, to: term });
    return this.keep(term, vote);
  }

  /** Of a site that may have forgotten how it voted: its vote is whoever leads now. @throws as `cast` */
  async keep(term: number, vote: string): Promise<void> {
    const stored = { term, vote };
    await this.host.disk.replace(FILE, seal(stored), { sync: true });
    this.stored = stored;
  }
}

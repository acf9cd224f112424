import type { Host, Nanos } from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from '../shared/command.ts';
import type { Sequencer } from '../shared/sequencer.ts';
import type { SiteCopy } from './copy.ts';
import { Link, type LinkOwner } from './link.ts';
import type { GeoReplicatedOptions } from './options.ts';

/** A read whose value is known, waiting for the proof that it was current. */
interface Read {
  /** Everything up to this record must be committed: the value may be in it. */
  readonly sequence: number;
  /** Most sites must have consented after this. */
  readonly askedAt: Nanos;
  readonly resolve: (outcome: Outcome | 'not-leading') => void;
  readonly outcome: Outcome;
}

export interface LeadershipFlaws {
  /** Acknowledges what is on its own disk. */
  readonly alone: boolean;
  /** Answers reads without asking. */
  readonly unconfirmed: boolean;
}

/** A site while it leads: in the term to which most sites have agreed. */
export class Leadership implements LinkOwner {
  readonly host: Host;
  readonly options: GeoReplicatedOptions;
  readonly copy: SiteCopy;
  readonly term: number;
  private readonly sequencer: Sequencer;
  private readonly flaws: LeadershipFlaws;
  private readonly links: readonly Link[];
  /** Number of this term's first record. What is older is committed by it, not by being on most disks (Ongaro and Ousterhout 2014, section 5.4.2). */
  private readonly first: number;
  private committed = 0;
  private reads: Read[] = [];
  readonly superseded: (term: number) => void;

  constructor(
    base: Pick<LinkOwner, 'host' | 'options' | 'copy' | 'superseded'> & { readonly sequencer: Sequencer },
    others: readonly string[],
    term: number,
    flaws: LeadershipFlaws,
  ) {
    this.host = base.host;
    this.options = base.options;
    this.copy = base.copy;
    this.superseded = base.superseded;
    this.sequencer = base.sequencer;
    this.term = term;
    this.flaws = flaws;
    this.first = base.copy.position.sequence;
    this.links = others.map((other) => new Link(this, other, term));
  }

  /** What most sites have, this one included: the figure that so many reach. */
  private reachedByMost(own: number, others: readonly number[]): number {
    const all = [own, ...others].sort((a, b) => b - a);
    return all[Math.floor(all.length / 2)]!;
  }

  /** True if it has not heard from most sites for so long that another one may lead. */
  lonely(): boolean {
    const now = this.host.clock.monotonic();
    const asked = this.links.map(({ askedAt }) => askedAt);
    return now - this.reachedByMost(now, asked) > this.options.lonelyAfter;
  }

  read(command: Command): Promise<Outcome | 'not-leading'> {
    const { copy, host } = this;
    const outcome = new Batch(copy.replica.table).execute(command);
    if (this.options.mode === 'asynchronous' || this.flaws.unconfirmed) return Promise.resolve(outcome);
    return new Promise((resolve) => {
      const { sequence } = copy.position;
      this.reads.push({ sequence, askedAt: host.clock.monotonic(), resolve, outcome });
      for (const link of this.links) link.poke();
    });
  }

  /** A record was appended here. */
  appended(): void {
    for (const link of this.links) link.poke();
    this.progressed();
  }

  progressed(): void {
    const { copy, links, host } = this;
    const own = copy.position.sequence;
    const alone = this.options.mode === 'asynchronous' || this.flaws.alone;
    const most = this.reachedByMost(
      own,
      links.map(({ confirmed }) => confirmed),
    );
    if (most >= this.first) this.committed = Math.max(this.committed, most);
    copy.records.trim(this.committed);
    this.sequencer.committed(alone ? own : this.committed);

    const asked = this.reachedByMost(
      host.clock.monotonic(),
      links.map(({ askedAt }) => askedAt),
    );
    const proven = (read: Read) => read.sequence <= this.committed && read.askedAt <= asked;
    for (const { resolve, outcome, sequence } of this.reads.filter(proven)) {
      host.always(sequence <= this.committed, 'what is read is on most disks');
      resolve(outcome);
    }
    this.reads = this.reads.filter((read) => !proven(read));
  }

  end(): void {
    for (const link of this.links) link.end();
    this.sequencer.end();
    for (const { resolve } of this.reads) resolve('not-leading');
    this.reads = [];
  }
}

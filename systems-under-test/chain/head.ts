import { DiskFull, type Host, HostError } from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from '../shared/command.ts';
import type { Copy } from './copy.ts';

interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome | 'not-head') => void;
}

/** Commands that went down the chain together, waiting for the tail. */
interface Round {
  readonly sequence: number;
  readonly group: readonly Waiting[];
  readonly outcomes: readonly Outcome[];
}

/** What the head needs of its server. */
export interface HeadOwner {
  readonly host: Host;
  readonly copy: Copy;
  /** Number of the configuration in which this server is the head and may take commands; undefined if there is none. */
  leads(): number | undefined;
  /** A record was appended. */
  progressed(): void;
}

/**
 * The part of a server that is only played by the head: it puts commands in order and computes what they do. Those that arrived during the last sync
 * go into one record. A cas that fails changes nothing but travels all the same: its answer depends on records that may still be
 * under way, and on this server being the head. The next record does not wait for the last one to be committed.
 */
export class Head {
  private readonly owner: HeadOwner;
  /** Only for a fault on purpose: replies when the own disk has the record. */
  private readonly hasty: boolean;
  private waiting: Waiting[] = [];
  private rounds: Round[] = [];
  private running = false;

  constructor(owner: HeadOwner, hasty: boolean) {
    this.owner = owner;
    this.hasty = hasty;
  }

  execute(command: Command): Promise<Outcome | 'not-head'> {
    return new Promise((resolve) => {
      this.waiting.push({ command, resolve });
      if (!this.running) void this.run();
    });
  }

  /** Everything up to this number is committed: replies leave. */
  committed(sequence: number): void {
    for (const round of this.rounds.filter((each) => each.sequence <= sequence))
      answer(round.group, round.outcomes);
    this.rounds = this.rounds.filter((each) => each.sequence > sequence);
  }

  /** Another server is the head. What went down the chain may be committed yet, or not. */
  end(): void {
    for (const { group, outcomes } of this.rounds) {
      answer(
        group,
        outcomes.map(() => ({ type: 'info', error: 'deposed' })),
      );
    }
    this.rounds = [];
  }

  private async run(): Promise<void> {
    const { copy } = this.owner;
    this.running = true;
    while (this.waiting.length > 0) {
      await copy.replica.inTurn(() => this.round());
      this.owner.progressed();
    }
    this.running = false;
  }

  private async round(): Promise<void> {
    const { host, copy } = this.owner;
    const group = this.waiting;
    this.waiting = [];
    const number = this.owner.leads();
    if (number === undefined) {
      for (const { resolve } of group) resolve('not-head');
      return;
    }
    const batch = new Batch(copy.replica.table);
    const outcomes = group.map(({ command }) => batch.execute(command));
    const position = { epoch: [number, host.incarnation] as const, sequence: copy.position.sequence + 1 };
    try {
      await copy.append([{ position, changes: batch.changes }]);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const { code } = error;
      answer(
        group,
        group.map(() => ({ type: error instanceof DiskFull ? 'fail' : 'info', error: code })),
      );
      if (!(error instanceof DiskFull)) host.exit(error.message);
      return;
    }
    this.rounds.push({ sequence: position.sequence, group, outcomes });
    if (this.hasty) this.committed(position.sequence);
  }
}

function answer(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
  group.forEach(({ resolve }, nth) => {
    resolve(outcomes[nth]!);
  });
}

import { DiskFull, type Host, HostError } from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from './command.ts';
import type { Entry } from './records.ts';
import type { Replica } from './replica.ts';

/** What became of a command, and the number of the record that it is in; 0 if it is in none. */
export interface Sequenced {
  readonly outcome: Outcome;
  readonly sequence: number;
}

interface Waiting {
  readonly command: Command;
  readonly resolve: (answer: Sequenced | 'not-leading') => void;
}

/** Commands in one record, waiting for it to be committed. */
interface Round {
  readonly sequence: number;
  readonly group: readonly Waiting[];
  readonly outcomes: readonly Outcome[];
}

/** What a sequencer needs of its server. */
export interface SequencerOwner {
  readonly host: Host;
  readonly replica: Replica;
  /** In turn. @throws DiskFull: nothing happened. DiskFailure. */
  append(entries: readonly Entry[]): Promise<void>;
  /** Number of the view or configuration in which this server may take commands; undefined if it may not. */
  leads(): number | undefined;
  /** A record was appended. */
  progressed(): void;
}

/**
 * Puts commands in order on one server and computes what they do. Those that arrived during the last sync go into one record. A cas that
 * fails changes nothing but gets a record all the same: its answer depends on records that may not be committed yet, and on this
 * server being the one that leads. The next record does not wait for the last one to be committed.
 */
export class Sequencer {
  private readonly owner: SequencerOwner;
  private waiting: Waiting[] = [];
  private rounds: Round[] = [];
  private running = false;

  constructor(owner: SequencerOwner) {
    this.owner = owner;
  }

  execute(command: Command): Promise<Sequenced | 'not-leading'> {
    return new Promise((resolve) => {
      this.waiting.push({ command, resolve });
      if (!this.running) void this.run();
    });
  }

  /** Everything up to this number is committed: replies leave. */
  committed(sequence: number): void {
    while (this.rounds.length > 0 && this.rounds[0]!.sequence <= sequence) {
      const { group, outcomes, sequence: number } = this.rounds.shift()!;
      answer(group, outcomes, number);
    }
  }

  /** Another server leads. What was begun may be committed yet, or not. */
  end(): void {
    for (const { group } of this.rounds) answer(group, deposed(group));
    this.rounds = [];
  }

  private async run(): Promise<void> {
    const { replica } = this.owner;
    this.running = true;
    while (this.waiting.length > 0) {
      await replica.inTurn(() => this.round());
      this.owner.progressed();
      if (this.waiting.length === 0) await this.tidy();
    }
    this.running = false;
  }

  private async tidy(): Promise<void> {
    const { host, replica } = this.owner;
    try {
      await replica.inTurn(() => replica.tidy());
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      host.exit(error.message);
    }
  }

  private async round(): Promise<void> {
    const { host, replica } = this.owner;
    const group = this.waiting;
    this.waiting = [];
    const number = this.owner.leads();
    if (number === undefined) {
      for (const { resolve } of group) resolve('not-leading');
      return;
    }
    const batch = new Batch(replica.table);
    const outcomes = group.map(({ command }) => batch.execute(command));
    const position = { epoch: [number, host.incarnation] as const, sequence: replica.position.sequence + 1 };
    try {
      await this.owner.append([{ position, changes: batch.changes }]);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const full = error instanceof DiskFull;
      const outcome: Outcome = { type: full ? 'fail' : 'info', error: error.code };
      answer(group, new Array<Outcome>(group.length).fill(outcome));
      if (!full) host.exit(error.message);
      return;
    }
    // What is written in a view that ended meanwhile may be given up, whatever becomes of this number later.
    if (this.owner.leads() === number) this.rounds.push({ sequence: position.sequence, group, outcomes });
    else answer(group, deposed(group));
  }
}

function deposed(group: readonly Waiting[]): Outcome[] {
  return group.map(() => ({ type: 'info', error: 'deposed' }));
}

function answer(group: readonly Waiting[], outcomes: readonly Outcome[], sequence = 0): void {
  group.forEach(({ resolve }, nth) => {
    resolve({ outcome: outcomes[nth]!, sequence });
  });
}

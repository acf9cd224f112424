import type { Json, Nanos } from '../../harness/contract/index.ts';
import type { ClientReply } from './messages.ts';
import type { Node } from './node.ts';

/** Length of the flaw's lease, in longest election time-outs. */
const LEASE = 2;

interface WaitingRead {
  readonly question: Json;
  /** It may be answered once a majority has confirmed a round of heartbeats that began after the read arrived. */
  readonly round: number;
  /** ... and once everything that was committed when it arrived is applied. */
  readonly index: number;
  readonly resolve: (reply: ClientReply) => void;
}

/**
 * Linearizable reads without writing to the log (thesis, section 6.4): the leader notes its commit index, makes sure by a round of
 * heartbeats that it still led after the read arrived, waits until that index is applied, and answers from its state. Reads that
 * arrive during a round share the next one.
 */
export class Reads {
  private readonly node: Node;
  /** Starts a round of heartbeats and returns its number. */
  private readonly startRound: () => number;
  private round = 0;
  private confirmed = 0;
  private waiting: WaitingRead[] = [];
  private leaseEnd: Nanos = Number.NEGATIVE_INFINITY;

  constructor(node: Node, startRound: () => number) {
    this.node = node;
    this.startRound = startRound;
  }

  /** `floor`: index of the first entry of this term; before it is committed the leader cannot know what is. */
  read(question: Json, floor: number): ClientReply | Promise<ClientReply> {
    const { node } = this;
    if (node.flaw('stale-leader-reads')) return this.answer(question);
    if (node.flaw('lease-without-margin') && node.host.clock.monotonic() < this.leaseEnd)
      return this.answer(question);
    return new Promise((resolve) => {
      const round = this.round + 1;
      this.waiting.push({ question, round, index: Math.max(node.commitIndex, floor), resolve });
      if (this.confirmed >= this.round) this.round = this.startRound();
    });
  }

  /** A round was started for another reason: reads that came before it may use it. */
  began(round: number): void {
    this.round = round;
  }

  /** A majority has answered rounds up to this one. */
  confirm(round: number): void {
    if (round <= this.confirmed) return;
    this.confirmed = round;
    this.leaseEnd = this.node.host.clock.monotonic() + LEASE * this.node.settings.electionTimeoutMax;
    this.release();
    if (this.waiting.some((read) => read.round > this.round)) this.round = this.startRound();
  }

  /** Answers the reads whose conditions hold. */
  release(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const read of waiting) {
      if (read.round <= this.confirmed && read.index <= this.node.appliedIndex)
        read.resolve(this.answer(read.question));
      else this.waiting.push(read);
    }
  }

  end(): void {
    for (const read of this.waiting) read.resolve({ status: 'not-leader', leader: this.node.leader });
    this.waiting = [];
  }

  private answer(question: Json): ClientReply {
    return { status: 'ok', value: this.node.answer(question) };
  }
}

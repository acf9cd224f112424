import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import { Batch, type Command, parseCommand } from '../shared/command.ts';
import type { Position } from '../shared/position.ts';
import { type Entry, Records } from '../shared/records.ts';
import { Replica } from '../shared/replica.ts';
import { Sequencer, type SequencerOwner } from '../shared/sequencer.ts';
import { Sessions } from '../shared/sessions.ts';
import type { Feed, Fields } from './messages.ts';
import type { ReadReplicasOptions } from './options.ts';

/**
 * The only server that changes anything. A write is acknowledged when it is on its disk; the replicas fetch the records when they can. Answers carry the
 * number of the record that they depend on, for the client's token.
 */
export class Writer implements SequencerOwner {
  readonly host: Host;
  readonly replica: Replica;
  private readonly options: ReadReplicasOptions;
  private readonly records: Records;
  private readonly sequencer: Sequencer;
  private readonly skipsTrimmed: boolean;
  /** Replicas that have everything and wait for more. */
  private waiting: (() => void)[] = [];

  constructor(host: Host, { options, flaw }: Setting<ReadReplicasOptions>) {
    this.host = host;
    this.options = options;
    this.replica = new Replica(host, options.checkpointBytes);
    this.records = new Records(this.replica.position, options.recordsKept);
    this.sequencer = new Sequencer(this);
    this.skipsTrimmed = flaw('skips-trimmed-records');
  }

  async run(): Promise<void> {
    const { host, replica } = this;
    const sessions = new Sessions(host);
    try {
      const damage = await replica.open();
      if (damage !== undefined) return host.exit(damage);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return host.exit(error.message);
    }
    this.records.reset(replica.position);
    host.network.onRequest((request) => {
      const message = request as Fields;
      if (message.f === 'open') return { session: sessions.open() };
      if (message.f === 'follow') return this.feed(message.after as Position, message.anew === true);
      const command = parseCommand(message);
      if (typeof command === 'string') return { type: 'fail', error: command };
      // A read changes nothing: it may be carried out twice.
      if (command.f === 'read') return this.read(command);
      return sessions.once(message.session, message.number, () => this.change(command));
    });
  }

  private read(command: Command): Json {
    const outcome = new Batch(this.replica.table).execute(command);
    const { sequence } = this.replica.position;
    return outcome.type === 'ok' ? { type: 'ok', value: [outcome.value, sequence] } : { ...outcome };
  }

  private async change(command: Command): Promise<Json> {
    const answer = await this.sequencer.execute(command);
    if (answer === 'not-leading') return { type: 'fail', error: answer };
    const { outcome, sequence } = answer;
    return outcome.type === 'ok' ? { type: 'ok', value: [outcome.value, sequence] } : { ...outcome };
  }

  /** There is one writer, and nobody ever takes its place. */
  leads(): number {
    return 1;
  }

  async append(entries: readonly Entry[]): Promise<void> {
    await this.replica.append(
      entries.at(-1)!.position,
      entries.flatMap(({ changes }) => changes),
    );
    for (const entry of entries) this.records.add(entry);
  }

  progressed(): void {
    const { sequence } = this.replica.position;
    this.sequencer.committed(sequence);
    this.records.trim(sequence);
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** What a replica at this position lacks; the whole state, if that is not known any more or the replica has lost its own. */
  private async feed(after: Position, anew: boolean): Promise<Feed> {
    const { replica, records } = this;
    if (!anew && after.sequence === replica.position.sequence) await this.more(this.options.feedWait);
    const end = replica.position.sequence;
    if (this.skipsTrimmed || (!anew && records.continue(after))) {
      return { type: 'records', entries: records.after(after.sequence), end };
    }
    const { position, entries } = replica.snapshot();
    return { type: 'snapshot', position, entries, end };
  }

  private more(wait: Nanos): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.host.after(wait, resolve);
    });
  }
}

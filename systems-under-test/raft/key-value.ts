import { HostError, type Json, type Memory } from '../../harness/contract/index.ts';
import { Batch, parseCommand } from '../shared/command.ts';
import { RegionTable } from '../shared/region-table.ts';
import type { Key, ValueTable } from '../shared/value-table.ts';
import type { ClientReply, ClientRequest, Entry } from './messages.ts';
import type { StateMachine } from './state-machine.ts';

/** Bytes of a slot for one encoded value. */
const SLOT_BYTES = 256;

type SessionState = readonly [session: number, sequence: number, reply: Json];

/** The state as snapshots hold it. */
type KeyValueState = {
  readonly values: readonly (readonly [key: string | number, value: Json])[];
  /** Least recently used first. */
  readonly sessions: readonly SessionState[];
};

export interface KeyValueFlaws {
  readonly retryAppliedTwice: boolean;
  readonly snapshotForgetsSessions: boolean;
}

/**
 * The state machine of the system `raft`: a key-value store, and the sessions that make a retried command take effect exactly once
 * (Ongaro's thesis, section 6.3). A client registers (its session is the index of that entry) and numbers its commands; the machine
 * keeps the last number and reply of each session, and answers a copy of a command with the reply of the first.
 *
 * A pure function of the log: sessions are forgotten by their use in the log, never by a clock.
 */
export class KeyValue implements StateMachine {
  private readonly values: ValueTable;
  /** Least recently used first. */
  private sessions = new Map<number, { readonly sequence: number; readonly reply: ClientReply }>();
  private readonly most: number;
  private readonly flaws: KeyValueFlaws;

  constructor(memory: Memory, most: number, flaws: KeyValueFlaws) {
    this.values = new RegionTable(memory, 'values', SLOT_BYTES);
    this.most = most;
    this.flaws = flaws;
  }

  refusal(request: ClientRequest): string | undefined {
    if (request.f === 'register') return undefined;
    const command = parseCommand(request);
    if (typeof command === 'string') return 'malformed';
    try {
      this.values.admit(request.value);
    } catch (error) {
      if (error instanceof HostError) return error.code;
      throw error;
    }
    return undefined;
  }

  /** The value of a key. */
  read(key: Json): Json {
    return this.values.get(key as Key);
  }

  apply(entry: Entry, index: number): ClientReply {
    if (entry.f === 'register') {
      this.remember(index, 0, { status: 'ok', value: index });
      return { status: 'ok', value: index };
    }
    const session = this.sessions.get(entry.session);
    if (session === undefined) return { status: 'expired' };
    if (!this.flaws.retryAppliedTwice) {
      if (entry.sequence === session.sequence) return session.reply;
      // Older than the last one: the client has gone on, so that nobody waits for the reply.
      if (entry.sequence < session.sequence) return { status: 'expired' };
    }
    const reply = this.carryOut(entry);
    this.remember(entry.session, entry.sequence, reply);
    return reply;
  }

  state(): Json {
    const sessions: SessionState[] = [];
    for (const [session, { sequence, reply }] of this.sessions) sessions.push([session, sequence, reply]);
    return {
      values: this.values.entries(),
      sessions: this.flaws.snapshotForgetsSessions ? [] : sessions,
    } satisfies KeyValueState;
  }

  restore(state: Json | undefined): void {
    const snapshot = state as KeyValueState | undefined;
    this.values.clear();
    for (const [key, value] of snapshot?.values ?? []) this.values.set(key, value);
    this.sessions = new Map();
    for (const [session, sequence, reply] of snapshot?.sessions ?? []) {
      this.sessions.set(session, { sequence, reply: reply as ClientReply });
    }
  }

  private carryOut(entry: Entry): ClientReply {
    const command = parseCommand(entry);
    if (typeof command === 'string') return { status: 'fail', error: 'malformed' };
    const batch = new Batch(this.values);
    const outcome = batch.execute(command);
    batch.publish();
    return outcome.type === 'ok'
      ? { status: 'ok', value: outcome.value }
      : { status: 'fail', error: outcome.error };
  }

  private remember(session: number, sequence: number, reply: ClientReply): void {
    this.sessions.delete(session);
    if (this.sessions.size >= this.most) this.sessions.delete(this.sessions.keys().next().value!);
    this.sessions.set(session, { sequence, reply });
  }
}

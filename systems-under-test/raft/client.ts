import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Message,
  MILLISECOND,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import type { ClientReply, ClientRequest } from './messages.ts';
import { type RaftOptions, settingsOf } from './options.ts';

/** What came of one attempt. */
type Attempt =
  | { readonly kind: 'reply'; readonly reply: ClientReply; readonly node: string }
  /** Nobody knows whether this attempt had an effect, or will. */
  | { readonly kind: 'unknown'; readonly error: string; readonly node: string }
  /** It certainly has none. */
  | { readonly kind: 'refused'; readonly error: string; readonly node: string };

/** Pause before the next attempt after a refusal: an election takes longer than a refusal. */
const PAUSE_MIN = 5 * MILLISECOND;
const PAUSE_MAX = 30 * MILLISECOND;

/**
 * Finds the leader and retries until the operation is answered or patience ends. All attempts of a command carry the same session
 * and number, so that it takes effect at most once, however many of them arrive.
 *
 * What is concluded in the end: `fail` if every attempt was refused, or the operation is a read (which has no effect, so that an unanswered
 * one certainly did nothing); `info` as soon as one attempt of a command may have arrived and no answer came to any.
 */
export class RaftClient implements Client {
  private readonly host: Host;
  private readonly servers: readonly string[];
  private readonly attemptTimeout: Nanos;
  private readonly patience: Nanos;
  /** Opened at the first command: the index of its `register` entry. 0: none. */
  private session = 0;
  private sequence = 0;
  /** The server to ask next. */
  private target: string;
  /** Place of the server that was asked last without a hint. Whoever is hinted at does not move it: two removed servers, one of which names the other, would be asked for ever. */
  private turn: number;

  constructor(host: Host, setting: Setting<RaftOptions>) {
    const settings = settingsOf(setting.options);
    this.host = host;
    this.servers = [...(setting.hosts.server ?? []), ...(setting.hosts.standby ?? [])];
    this.attemptTimeout = settings.attemptTimeout;
    this.patience = settings.patience;
    this.target = host.random.pick(this.servers);
    this.turn = this.servers.indexOf(this.target);
  }

  async invoke({ f, key, value }: Request): Promise<Completion> {
    const deadline = this.host.clock.monotonic() + this.patience;
    const command = { f, key: key ?? null, value };
    if (f === 'read') return this.carryOut({ ...command, session: 0, sequence: 0 }, deadline);
    if (this.session === 0) {
      const registered = await this.register(deadline);
      if (registered !== undefined) return registered;
    }
    return this.carryOut({ ...command, session: this.session, sequence: ++this.sequence }, deadline);
  }

  /** Opens a session. @returns why there is none; the operation itself was not sent, and so failed. */
  private async register(deadline: Nanos): Promise<Completion | undefined> {
    const request = { f: 'register', key: null, value: null, session: 0, sequence: 0 };
    const completion = await this.carryOut(request, deadline);
    if (completion.type !== 'ok') return { ...completion, type: 'fail' };
    this.session = completion.value as number;
    this.sequence = 0;
    return undefined;
  }

  private async carryOut(request: ClientRequest, deadline: Nanos): Promise<Completion> {
    let doubt: string | undefined;
    for (;;) {
      const left = deadline - this.host.clock.monotonic();
      const attempt = await this.attempt(request, Math.min(this.attemptTimeout, left));
      const { node } = attempt;
      if (attempt.kind === 'unknown') doubt = attempt.error;
      else if (attempt.kind === 'reply') {
        const { reply } = attempt;
        if (reply.status === 'ok') return { type: 'ok', value: reply.value, node };
        if (reply.status === 'fail') return { type: 'fail', error: reply.error, node };
        // The session was forgotten. An earlier attempt may have been carried out before that.
        this.session = 0;
        return { type: doubt === undefined ? 'fail' : 'info', error: 'session-expired', node };
      }
      if (this.host.clock.monotonic() + PAUSE_MAX >= deadline) {
        if (doubt !== undefined && request.f !== 'read') return { type: 'info', error: doubt, node };
        return {
          type: 'fail',
          error: doubt ?? (attempt.kind === 'refused' ? attempt.error : 'timeout'),
          node,
        };
      }
      if (attempt.kind === 'refused') await this.host.sleep(this.host.random.integer(PAUSE_MIN, PAUSE_MAX));
    }
  }

  private async attempt(request: ClientRequest, timeout: Nanos): Promise<Attempt> {
    const node = this.target;
    let message: Message;
    try {
      message = await this.host.network.request(node, request, { timeout });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.turnTo('');
      return { kind: error.definite ? 'refused' : 'unknown', error: error.code, node };
    }
    const reply = message as ClientReply;
    if (reply.status !== 'not-leader' && reply.status !== 'unknown') return { kind: 'reply', reply, node };
    this.turnTo(reply.leader);
    return { kind: reply.status === 'unknown' ? 'unknown' : 'refused', error: reply.status, node };
  }

  /** Asks the hinted server next; without a hint, the one whose turn it is. */
  private turnTo(hint: string): void {
    if (hint !== '' && hint !== this.target) {
      this.target = hint;
      return;
    }
    this.turn = (this.turn + 1) % this.servers.length;
    this.target = this.servers[this.turn]!;
  }
}

import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  type Nanos,
} from '../../harness/contract/index.ts';
import { SessionClient } from './session-client.ts';

/** What was learned so long ago is asked for again before the next operation. */
const AGE_MAX: Nanos = 500 * MILLISECOND;
const PAUSE: Nanos = 20 * MILLISECOND;

/** Who plays which part, as somebody tells it; numbered from 1, and 0 before the first. */
interface Membership {
  readonly number: number;
}

export interface LeaderClientOptions<Members extends Membership> {
  /** Who knows, the first preferred. */
  readonly sources: readonly string[];
  /** What they are asked. */
  readonly question: Json;
  /** What a reply, or a redirection by a server, says; undefined if nothing. */
  told(reply: { readonly [field: string]: Json }): Members | null | undefined;
  /** Whom to ask for an operation of this kind. */
  target(f: string, members: Members): string;
  /** Error of an operation for which nobody was found. */
  readonly nobody: string;
  readonly lookUpTimeout: Nanos;
  readonly readTimeout: Nanos;
  readonly writeTimeout: Nanos;
}

/**
 * Finds the server that an operation belongs to, through a membership service or, when that is silent, through the servers. An operation is
 * sent again only after an answer that says that it certainly was not carried out.
 */
export class LeaderClient<Members extends Membership> implements Client {
  private readonly host: Host;
  private readonly options: LeaderClientOptions<Members>;
  private readonly sessions: SessionClient;
  private known: Members | undefined;
  private learnedAt: Nanos = 0;
  private nextSource = 0;

  constructor(host: Host, options: LeaderClientOptions<Members>) {
    this.host = host;
    this.options = options;
    this.sessions = new SessionClient(host);
  }

  async invoke(request: Parameters<Client['invoke']>[0]): Promise<Completion> {
    const { host, options } = this;
    const until =
      host.clock.monotonic() + (request.f === 'read' ? options.readTimeout : options.writeTimeout);
    const nobody: Completion = { type: 'fail', error: options.nobody };
    let last = nobody;
    if (this.known === undefined || host.clock.monotonic() - this.learnedAt > AGE_MAX) await this.lookUp();
    while (host.clock.monotonic() < until) {
      if (this.known !== undefined) {
        const server = options.target(request.f, this.known);
        const completion = await this.sessions.call(server, request, until);
        if (completion.type === 'redirected') {
          this.learn(completion.reply);
          last = nobody;
        } else if (completion.type === 'fail' && completion.error === 'refused') {
          last = completion;
        } else {
          if (completion.type !== 'ok') this.learnedAt = 0;
          return completion;
        }
      }
      await host.sleep(PAUSE);
      await this.lookUp();
    }
    return last;
  }

  /** Asks one source; the next time another one if this one is silent. */
  private async lookUp(): Promise<void> {
    const { host, options } = this;
    const source = options.sources[this.nextSource % options.sources.length]!;
    try {
      const timeout = options.lookUpTimeout;
      const reply = await host.network.request(source, options.question, { timeout });
      this.learn(reply as { readonly [field: string]: Json });
      this.nextSource = 0;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.nextSource++;
    }
  }

  private learn(reply: { readonly [field: string]: Json }): void {
    const told = this.options.told(reply);
    // If it is older than what is known, the servers that it names know better.
    if (told == null || told.number === 0) return;
    this.known = told;
    this.learnedAt = this.host.clock.monotonic();
  }
}

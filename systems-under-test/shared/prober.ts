import { type Host, HostError, type Json, type Nanos } from '../../harness/contract/index.ts';

export interface ProberOptions {
  /** What is asked; a server that could join answers with `type: 'ok'`. */
  readonly question: Json;
  readonly interval: Nanos;
  readonly timeout: Nanos;
}

/** Finds out which of the servers outside could join: a membership service that hears a server does not know whether its future partner does. */
export class Prober {
  private readonly host: Host;
  private readonly options: ProberOptions;
  private readonly answers = new Map<string, boolean>();

  constructor(host: Host, options: ProberOptions) {
    this.host = host;
    this.options = options;
  }

  /** True if it answered the last time. */
  reaches(server: string): boolean {
    return this.answers.get(server) === true;
  }

  /** For ever. @param outside Whom to ask, each time. */
  async run(outside: () => readonly string[]): Promise<never> {
    for (;;) {
      await this.host.sleep(this.options.interval);
      await Promise.all(outside().map((server) => this.ask(server)));
    }
  }

  private async ask(server: string): Promise<void> {
    const { question, timeout } = this.options;
    try {
      const reply = await this.host.network.request(server, question, { timeout });
      this.answers.set(server, (reply as { readonly type?: Json }).type === 'ok');
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.answers.set(server, false);
    }
  }
}

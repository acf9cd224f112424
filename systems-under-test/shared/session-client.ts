import {
  type Completion,
  type Host,
  HostError,
  type Json,
  type Nanos,
  type Request,
} from '../../harness/contract/index.ts';

/** A reply that is not an outcome of the operation (a redirection, say): certainly not carried out. */
export type Redirected = { readonly type: 'redirected'; readonly reply: { readonly [name: string]: Json } };

/**
 * What a client may conclude from an error of a request that carried the operation. Nothing came back: the operation may have been
 * carried out, or may be yet. A read has no effect, so for it that is as good as a failure.
 */
export function concluded(f: string, node: string, error: unknown): Completion {
  if (!(error instanceof HostError)) throw error;
  const definite = error.definite || f === 'read';
  return { type: definite ? 'fail' : 'info', error: error.code, node };
}

/**
 * Speaks to servers that keep `Sessions`: opens a session with each when it first needs one, numbers the operations, and sends
 * each at most once, except after a reply that says that it was certainly not carried out.
 */
export class SessionClient {
  private readonly host: Host;
  private readonly sessions = new Map<string, string>();
  private number = 0;

  constructor(host: Host) {
    this.host = host;
  }

  /** Carries out one operation on this server, until this instant of the monotonic clock. */
  async call(server: string, request: Request, until: Nanos): Promise<Completion | Redirected> {
    const number = ++this.number;
    for (;;) {
      const session = this.sessions.get(server) ?? (await this.open(server, until));
      if (typeof session !== 'string') return session;

      const message = { f: request.f, key: request.key ?? null, value: request.value, session, number };
      let reply: { readonly [name: string]: Json };
      try {
        reply = await this.ask(server, message, until);
      } catch (error) {
        return concluded(request.f, server, error);
      }
      switch (reply.type) {
        case 'ok':
          return { type: 'ok', value: reply.value ?? null, node: server };
        case 'fail':
          return { type: 'fail', error: reply.error ?? null, node: server };
        case 'info':
          return { type: request.f === 'read' ? 'fail' : 'info', error: reply.error ?? null, node: server };
        case 'no-session':
          this.sessions.delete(server);
          break;
        default:
          return { type: 'redirected', reply };
      }
    }
  }

  /** The session's name, or why there is none: no operation was sent yet, so that it certainly failed. */
  private async open(server: string, until: Nanos): Promise<string | Completion | Redirected> {
    let reply: { readonly [name: string]: Json };
    try {
      reply = await this.ask(server, { f: 'open' }, until);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: 'fail', error: error.code, node: server };
    }
    if (typeof reply.session === 'string') {
      this.sessions.set(server, reply.session);
      return reply.session;
    }
    if (reply.type === 'fail') return { type: 'fail', error: reply.error ?? null, node: server };
    return { type: 'redirected', reply };
  }

  private async ask(server: string, message: Json, until: Nanos): Promise<{ readonly [name: string]: Json }> {
    const left = until - this.host.clock.monotonic();
    if (left <= 0) throw new HostError('deadline', `no time left to ask ${server}`, true);
    const reply = await this.host.network.request(server, message, { timeout: left });
    return reply as { readonly [name: string]: Json };
  }
}

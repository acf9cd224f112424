import type { Host, Json } from '../../harness/contract/index.ts';

/** The reply to a request of a session that is not known (any more): the request was certainly not carried out. */
export const NO_SESSION = { type: 'no-session' } as const;

type SessionHost = Pick<Host, 'name' | 'incarnation' | 'always'>;

/**
 * At most once, for requests that the network may duplicate: a client opens a session and numbers its requests; the
 * second copy of a request gets the reply of the first, and one older than the last gets none that anybody waits for.
 *
 * Sessions live in this process only. A copy that arrives at the next incarnation, or at another server, meets a session
 * unknown there and is refused; no table of past requests needs to be stored. (A store that *retries* for its clients needs
 * one: Ongaro's thesis, "Consensus: Bridging Theory and Practice", section 6.3.)
 */
export class Sessions {
  private readonly host: SessionHost;
  private readonly most: number;
  private opened = 0;
  private readonly last = new Map<string, { number: number; reply: Promise<Json> }>();

  /** `most`: the oldest session is forgotten beyond this. */
  constructor(host: SessionHost, most = 1000) {
    this.host = host;
    this.most = most;
  }

  open(): string {
    // Unlike those of every other incarnation and server.
    const id = `${this.host.name}/${this.host.incarnation}/${++this.opened}`;
    if (this.last.size >= this.most) this.last.delete(this.last.keys().next().value!);
    this.last.set(id, { number: 0, reply: Promise.resolve(NO_SESSION) });
    return id;
  }

  /** Carries the request out unless it was already, or its session is unknown. */
  once(id: Json | undefined, number: Json | undefined, carryOut: () => Promise<Json>): Promise<Json> {
    const session = typeof id === 'string' ? this.last.get(id) : undefined;
    if (session === undefined || typeof number !== 'number') return Promise.resolve(NO_SESSION);
    if (number === session.number) return session.reply;
    if (number < session.number) return Promise.resolve({ type: 'info', error: 'superseded' });
    this.host.always(number > session.number, 'a request is carried out once, and none after a later one');
    session.number = number;
    session.reply = carryOut();
    return session.reply;
  }
}

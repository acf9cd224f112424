import type { Client, Completion, Host, Json, Request, Setting } from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { CrdtOptions } from './options.ts';

/** The data type behind the operations of a workload. */
function typeOf(workload: string): CrdtOptions['type'] {
  if (workload === 'crdt-set' || workload === 'set' || workload === 'set-full') return 'set';
  if (workload === 'crdt-counter' || workload === 'counter' || workload === 'pn-counter') return 'counter';
  return workload === 'siblings' ? 'multi-value-register' : 'register';
}

/**
 * Stays with one replica as long as that answers, and goes to the next one when it does not. An update is sent again only after an answer that it certainly
 * did not happen.
 */
export class CrdtClient implements Client {
  private readonly host: Host;
  private readonly options: CrdtOptions;
  private readonly replicas: readonly string[];
  private readonly sessions: SessionClient;
  private readonly type: CrdtOptions['type'];
  /** What was shown last of keys with several values, with its context. */
  private readonly shown = new Map<string, { readonly values: readonly Json[]; readonly context: Json }>();
  private at: number;

  constructor(host: Host, { options, hosts, workload }: Setting<CrdtOptions>) {
    this.host = host;
    this.options = options;
    this.replicas = hosts.server!;
    this.sessions = new SessionClient(host);
    this.type = typeOf(workload.name);
    this.at = host.random.integer(0, this.replicas.length - 1);
  }

  async invoke({ f, key, value }: Request): Promise<Completion> {
    const name = `${this.type}/${JSON.stringify(key ?? null)}`;
    if (f === 'read') return this.attempts({ f: 'read', key: name, value: null });
    if (f === 'get') return this.get(name);
    let argument = value;
    if (f === 'write') argument = { value, context: null };
    if (f === 'put') {
      const [put, seen] = value as readonly [Json, readonly Json[]];
      const last = this.shown.get(name);
      this.shown.delete(name);
      if (seen.length > 0 && JSON.stringify(last?.values) !== JSON.stringify(seen))
        return { type: 'fail', error: 'no-context' };
      argument = { value: put, context: seen.length > 0 ? last!.context : null };
    }
    const completion = await this.attempts({ f: 'write', key: name, value: { f, value: argument } });
    return completion.type === 'ok' ? { ...completion, value } : completion;
  }

  private async get(name: string): Promise<Completion> {
    const completion = await this.attempts({ f: 'read', key: name, value: null });
    if (completion.type !== 'ok') return completion;
    const shown = completion.value as { readonly values: readonly Json[]; readonly context: Json };
    this.shown.set(name, shown);
    return { ...completion, value: shown.values };
  }

  private async attempts(request: Request): Promise<Completion> {
    const { host, options, replicas } = this;
    const until = host.clock.monotonic() + options.patience;
    for (;;) {
      const now = host.clock.monotonic();
      const server = replicas[this.at]!;
      const completion = await this.sessions.call(
        server,
        request,
        Math.min(until, now + options.attemptTimeout),
      );
      // Replicas redirect nobody.
      if (completion.type === 'redirected') throw new Error('redirected');
      if (completion.type !== 'ok') this.at = (this.at + 1) % replicas.length;
      if (completion.type !== 'fail' || host.clock.monotonic() >= until) return completion;
      if (host.clock.monotonic() === now) await host.sleep(options.gossipInterval / 10);
    }
  }
}

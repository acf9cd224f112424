import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { hash32 } from '../shared/hash.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { Fields } from './messages.ts';
import type { ReadReplicasOptions } from './options.ts';

/**
 * Writes go to the writer, reads to replicas. A read has no effect, and is asked again elsewhere as long as there is time: at the other replicas, at last
 * at the writer. With tokens, a client carries the number of the last record that it wrote or saw, and a replica that has not come so far
 * waits, or sends it on.
 */
export function makeClient(host: Host, { options, hosts, flaw }: Setting<ReadReplicasOptions>): Client {
  const writer = hosts.writer![0]!;
  const replicas = hosts.replica!;
  const sessions = new SessionClient(host);
  let token = 0;

  /** Whom to ask, in this order. A client that sticks to its replica does so even if that one is down. */
  function sources(): readonly string[] {
    if (options.session === 'sticky') return [replicas[hash32(host.name) % replicas.length]!];
    return [...host.random.shuffle(replicas), writer];
  }

  function saw(value: Json, sequence: number): Json {
    token = Math.max(token, sequence);
    return value;
  }

  async function read(key: string | number, until: Nanos): Promise<Completion> {
    const atLeast = options.session === 'none' ? 0 : token;
    let last: Completion = { type: 'fail', error: 'no-replica' };
    for (const source of sources()) {
      const left = until - host.clock.monotonic();
      if (left <= 0) break;
      const timeout = Math.min(left, options.replicaTimeout);
      try {
        const reply = (await host.network.request(
          source,
          { f: 'read', key, atLeast },
          { timeout },
        )) as Fields;
        if (reply.type === 'ok') {
          const [value, sequence] = reply.value as readonly [Json, number];
          if (!flaw('forgets-what-it-saw')) saw(value, sequence);
          return { type: 'ok', value, node: source };
        }
        last = { type: 'fail', error: reply.type ?? null, node: source };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        last = { type: 'fail', error: error.code, node: source };
      }
    }
    return last;
  }

  async function change(request: Request, until: Nanos): Promise<Completion> {
    const completion = await sessions.call(writer, request, until);
    // The writer redirects nobody.
    if (completion.type === 'redirected') return { type: 'fail', error: 'redirected', node: writer };
    if (completion.type !== 'ok') return completion;
    const [value, sequence] = completion.value as readonly [Json, number];
    // A cas is also a read, and has seen the writer's state; a client that sticks to its replica has not read what it only wrote.
    const counts = options.session === 'tokens' || request.f === 'cas';
    return { ...completion, value: counts ? saw(value, sequence) : value };
  }

  return {
    invoke(request) {
      const until = host.clock.monotonic() + options.requestTimeout;
      return request.f === 'read' ? read(request.key!, until) : change(request, until);
    },
  };
}

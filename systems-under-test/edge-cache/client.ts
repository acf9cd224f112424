import {
  type Client,
  type Completion,
  ConnectionRefused,
  type Host,
  HostError,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { EdgeReply } from './edge.ts';
import type { EdgeCacheOptions } from './options.ts';

/** Reads at the edge of its own region, at the next one if nobody listens there; writes at the origin. */
export function makeClient(host: Host, { options, hosts }: Setting<EdgeCacheOptions>): Client {
  const edges = hosts.edge!;
  const origin = hosts.origin![0]!;
  const region = hosts.client!.indexOf(host.name) % edges.length;
  const sessions = new SessionClient(host);

  async function read({ key }: Request): Promise<Completion> {
    const until = host.clock.monotonic() + options.requestTimeout;
    for (let nth = 0; ; nth++) {
      const node = edges[(region + nth) % edges.length]!;
      try {
        const timeout = Math.max(1, until - host.clock.monotonic());
        const reply = (await host.network.request(node, { f: 'read', key: key! }, { timeout })) as EdgeReply;
        return reply.type === 'ok' ? { type: 'ok', value: reply.value, node } : { ...reply, node };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        const last = nth === edges.length - 1 || host.clock.monotonic() >= until;
        if (!(error instanceof ConnectionRefused) || last) return { type: 'fail', error: error.code, node };
      }
    }
  }

  async function change(request: Request): Promise<Completion> {
    const until = host.clock.monotonic() + options.requestTimeout;
    const completion = await sessions.call(origin, request, until);
    return completion.type === 'redirected'
      ? { type: 'fail', error: 'redirected', node: origin }
      : completion;
  }

  return { invoke: (request) => (request.f === 'read' ? read(request) : change(request)) };
}

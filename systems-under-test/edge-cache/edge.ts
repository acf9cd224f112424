import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import { type Content, EdgeTable } from './edge-table.ts';
import type { EdgeCacheOptions } from './options.ts';
import type { FetchReply } from './origin.ts';

/** How an edge came by what it served. */
export type How = 'fresh' | 'revalidate' | 'if-error' | 'miss';

export type EdgeReply =
  | { readonly type: 'ok'; readonly value: Json; readonly how: How }
  | { readonly type: 'fail'; readonly error: string };

/** An edge: serves what it has, and fetches from the origin what it has not. */
export function startEdge(host: Host, { options, hosts, flaw }: Setting<EdgeCacheOptions>): void {
  const origin = hosts.origin![0]!;
  const table = new EdgeTable(options);
  /** One request to the origin for each key at a time: who comes meanwhile waits for the same (request collapsing). */
  const fetching = new Map<Key, Promise<Content | string>>();
  const now = () => host.clock.monotonic();

  async function fetchFrom(key: Key): Promise<Content | string> {
    const asked: Nanos = now();
    try {
      const timeout = options.originTimeout;
      const reply = (await host.network.request(origin, { f: 'fetch', key }, { timeout })) as FetchReply;
      if (reply.type === 'fail') return failed(key, reply.error);
      table.fill(key, reply, asked, flaw('fills-after-purge'));
      return reply;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return failed(key, error.code);
    }
  }

  /** Nothing is kept of a failure. */
  function failed(key: Key, error: string): Content | string {
    if (flaw('error-renews')) table.renew(key, now());
    if (!flaw('caches-error-pages')) return error;
    const page = { value: `origin says ${error}`, version: table.purgedVersion(key) };
    table.fill(key, page, now());
    return page;
  }

  function refresh(key: Key): Promise<Content | string> {
    const under = fetching.get(key);
    if (under !== undefined) return under;
    const mine = fetchFrom(key).finally(() => fetching.delete(key));
    fetching.set(key, mine);
    return mine;
  }

  function serve(key: Key, { value, version }: Content, how: How): EdgeReply {
    host.note('cache', { key, hit: how !== 'miss', how });
    const purged = table.purgedVersion(key);
    if (how !== 'miss')
      host.always(version >= purged, 'nothing that was purged is served', { key, version, purged });
    if (flaw('hit-renews')) table.renew(key, now());
    return { type: 'ok', value, how };
  }

  async function read(key: Key): Promise<EdgeReply> {
    const freshness = table.freshness(key, now());
    if (freshness === 'fresh' || freshness === 'revalidate') {
      if (freshness === 'revalidate') void refresh(key);
      return serve(key, table.get(key)!, freshness);
    }
    const result = await refresh(key);
    if (typeof result !== 'string') return serve(key, result, 'miss');
    // It may be too old by now, or purged.
    if (table.freshness(key, now()) !== 'gone') return serve(key, table.get(key)!, 'if-error');
    return { type: 'fail', error: result };
  }

  host.network.onRequest(async (message): Promise<Json> => {
    const request = message as { readonly f: 'read' | 'purge'; readonly key: Key; readonly version?: number };
    if (request.f === 'read') return read(request.key);
    table.purge(request.key, request.version!);
    return null;
  });
}

import type { Host, Json, Setting } from '../../harness/contract/index.ts';
import { RegionTable } from '../shared/region-table.ts';
import type { Key } from '../shared/value-table.ts';
import { CacheTable, type Token } from './cache-table.ts';
import type { CacheAsideOptions } from './options.ts';

type CacheMessage =
  | { readonly f: 'get' | 'drop'; readonly key: Key }
  | { readonly f: 'fill'; readonly key: Key; readonly value: Json; readonly token: Token };

/** A cache server: knows nothing of store, clients and other cache servers. */
export function startCache(host: Host, { options, flaw }: Setting<CacheAsideOptions>): void {
  const table = new CacheTable(new RegionTable(host.memory, 'entries', options.slotBytes), host.incarnation, {
    ttl: options.ttl,
    capacity: options.capacity,
    leases: options.leases,
    leaseTime: options.leaseTime,
    neverExpires: flaw('no-expiry'),
    hitRenews: flaw('hit-renews-expiry'),
    comparesHashOnly: flaw('wrong-key'),
  });
  const now = () => host.clock.monotonic();

  host.network.onRequest((request): Json => {
    const message = request as CacheMessage;
    if (message.f === 'get') {
      const lookup = table.get(message.key, now());
      host.note('cache', { key: message.key, hit: lookup.type === 'hit' });
      // The time is for people who trace requests; nothing depends on it.
      return { ...lookup, time: host.clock.wall() };
    }
    if (message.f === 'drop') table.drop(message.key);
    return null;
  });
  host.network.onMessage((request) => {
    const message = request as CacheMessage;
    if (message.f === 'fill') table.fill(message.key, message.value, message.token, now());
  });
}

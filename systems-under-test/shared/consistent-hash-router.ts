import { hash32 } from './hash.ts';
import type { Router } from './router.ts';

/**
 * Consistent hashing (Karger et al., STOC 1997) with virtual nodes (Dynamo, SOSP 2007, section 4.2): each server stands at
 * `virtualNodes` points of a ring of 2^32 places, and a key belongs to the first point at or after its hash. Going from n to
 * n + 1 servers moves the share 1 / (n + 1) of the keys, all of them to the new server. More points balance better: the
 * load varies by about 1 / sqrt(virtualNodes).
 *
 * Cost: a lookup is a binary search over servers × virtualNodes points.
 * @throws RangeError if there are no servers.
 */
export function consistentHashRouter(servers: readonly string[], virtualNodes = 100): Router {
  if (servers.length === 0) throw new RangeError('expected at least one server to route to, got none');
  const points = servers.flatMap((server) =>
    Array.from({ length: virtualNodes }, (_, n) => ({ place: hash32(`${server}#${n}`), server })),
  );
  // Two servers at one place are ordered by name, so that the order in which servers are listed does not matter.
  points.sort((a, b) => a.place - b.place || (a.server < b.server ? -1 : 1));

  return {
    servers,
    owner(key) {
      const place = hash32(String(key));
      let low = 0;
      let high = points.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (points[middle]!.place < place) low = middle + 1;
        else high = middle;
      }
      return points[low % points.length]!.server;
    },
  };
}

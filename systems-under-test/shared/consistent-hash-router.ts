import { HashRing } from './hash-ring.ts';
import type { Router } from './router.ts';

/**
 * A key belongs to the first server on the ring at or after its hash (`HashRing`). Going from n to n + 1 servers moves the share 1 / (n + 1) of the keys,
 * all of them to the new server. More points balance better: the load varies by about 1 / sqrt(virtualNodes).
 *
 * Cost: a lookup is a binary search over servers × virtualNodes points.
 * @throws RangeError if there are no servers.
 */
export function consistentHashRouter(servers: readonly string[], virtualNodes = 100): Router {
  const ring = new HashRing(servers, virtualNodes);
  return { servers, owner: (key) => ring.owner(String(key)) };
}

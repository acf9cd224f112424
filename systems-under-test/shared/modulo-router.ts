import { hash32 } from './hash.ts';
import type { Router } from './router.ts';

/**
 * Owner of a key: hash(key) mod n. Perfectly simple and balanced; but going from n to n + 1 servers moves the share
 * n / (n + 1) of all keys, since a key stays only if both remainders agree.
 * @throws RangeError if there are no servers.
 */
export function moduloRouter(servers: readonly string[]): Router {
  if (servers.length === 0) throw new RangeError('expected at least one server to route to, got none');
  return {
    servers,
    owner: (key) => servers[hash32(String(key)) % servers.length]!,
  };
}

import { hash32 } from './hash.ts';
import type { Router } from './router.ts';

/**
 * Rendezvous hashing, highest random weight (Thaler and Ravishankar: "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on
 * Networking 6(1), 1998): every server bids a hash of its name and the key, and the highest bid has the key. A server that joins takes exactly
 * the keys for which it bids highest, the share 1 / (n + 1); one that leaves gives its own to all others evenly. Balanced without virtual nodes.
 *
 * Cost: a lookup hashes once for each server.
 * @throws RangeError if there are no servers.
 */
export function rendezvousRouter(servers: readonly string[]): Router {
  if (servers.length === 0) throw new RangeError('expected at least one server to route to, got none');
  // Equal bids go to the first by name, so that the order in which servers are listed does not matter.
  const byName = [...servers].sort();
  return {
    servers,
    owner(key) {
      let owner = byName[0]!;
      let highest = -1;
      for (const server of byName) {
        const bid = hash32(`${key}#${server}`);
        if (bid > highest) {
          highest = bid;
          owner = server;
        }
      }
      return owner;
    },
  };
}

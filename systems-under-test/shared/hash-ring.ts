import { hash32 } from './hash.ts';

/**
 * Consistent hashing (Karger et al., STOC 1997) with virtual nodes (Dynamo, SOSP 2007, sections 4.2 and 4.3): each server stands at `virtualNodes`
 * points of a ring of 2^32 places; a key's servers are met in turn from its hash on. Immutable.
 */
export class HashRing {
  readonly servers: readonly string[];
  private readonly points: readonly { readonly place: number; readonly server: string }[];

  /** @throws RangeError if there are no servers. */
  constructor(servers: readonly string[], virtualNodes: number) {
    if (servers.length === 0) throw new RangeError('expected at least one server to route to, got none');
    const points = servers.flatMap((server) =>
      Array.from({ length: virtualNodes }, (_, n) => ({ place: hash32(`${server}#${n}`), server })),
    );
    // Two servers at one place are ordered by name, so that the order in which servers are listed does not matter.
    points.sort((a, b) => a.place - b.place || (a.server < b.server ? -1 : 1));
    this.servers = servers;
    this.points = points;
  }

  /** The first server at or after the key's hash. Cost: a binary search over servers × virtualNodes points. */
  owner(key: string): string {
    return this.points[this.pointOf(key)]!.server;
  }

  /** All servers, each once, in the order in which they are met from the key's hash on: the first n of them are the key's preference list. */
  walk(key: string): readonly string[] {
    return this.walkFrom(this.pointOf(key));
  }

  /** The first `n` servers of every walk there is, each list once as a set. */
  preferenceLists(n: number): readonly (readonly string[])[] {
    const lists = new Map<string, readonly string[]>();
    this.points.forEach((_, point) => {
      const list = this.walkFrom(point).slice(0, n);
      lists.set([...list].sort().join(' '), list);
    });
    return [...lists.values()];
  }

  private walkFrom(point: number): readonly string[] {
    const met = new Set<string>();
    for (let n = 0; n < this.points.length && met.size < this.servers.length; n++) {
      met.add(this.points[(point + n) % this.points.length]!.server);
    }
    return [...met];
  }

  private pointOf(key: string): number {
    const place = hash32(key);
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.points[middle]!.place < place) low = middle + 1;
      else high = middle;
    }
    return low % this.points.length;
  }
}

import type { Layout } from './layout.ts';

/** What is broken, by name. */
export interface Broken {
  readonly switches: ReadonlySet<string>;
  readonly cables: ReadonlySet<string>;
}

/** Which links forward, and which hosts reach each other over them. */
export interface Tree {
  /** For each link of the layout, in its order. */
  readonly forwarding: readonly boolean[];
  /** For each host, in the order of the layout, the number of its part of the network; undefined where its own switch is dead. */
  readonly parts: readonly (number | undefined)[];
}

/**
 * A spanning forest of the live switches: what the spanning tree protocol would agree on, at once. The kernel's own takes seconds for each change,
 * and bridges in a loop without any would flood the machine. Breadth first from the first live switch, links in the order
 * of the layout, so that equal failures give equal trees.
 */
export function spanningTree(layout: Layout, broken: Broken): Tree {
  const forwarding = layout.links.map(() => false);
  const partOf = new Map<string, number>();
  let parts = 0;
  for (const { name } of layout.bridges) {
    if (broken.switches.has(name) || partOf.has(name)) continue;
    partOf.set(name, parts);
    const queue = [name];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const [nth, { ends, cable }] of layout.links.entries()) {
        if (!ends.includes(at) || (cable !== undefined && broken.cables.has(cable))) continue;
        const other = ends[0] === at ? ends[1] : ends[0];
        if (broken.switches.has(other) || partOf.has(other)) continue;
        partOf.set(other, parts);
        forwarding[nth] = true;
        queue.push(other);
      }
    }
    parts++;
  }
  return { forwarding, parts: layout.ports.map(({ rackSwitch }) => partOf.get(rackSwitch)) };
}

/** Pairs of hosts, unordered, that do not reach each other. Cost: O(hosts). */
export function pairsCut({ parts }: Tree): number {
  const sizes = new Map<number, number>();
  for (const part of parts) if (part !== undefined) sizes.set(part, (sizes.get(part) ?? 0) + 1);
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  let together = 0;
  for (const size of sizes.values()) together += pairs(size);
  return pairs(parts.length) - together;
}

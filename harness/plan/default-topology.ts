import type { HostSpec, Rack, Topology } from '../contract/index.ts';

export interface DefaultTopologyOptions {
  /** How many hosts of each role, `client` not among them. */
  readonly roles: { readonly [role: string]: number };
  /** Number of client hosts. */
  readonly clients: number;
  /** At least 2; 5 if absent, more if racks would hold more than 16 hosts. */
  readonly racks?: number;
  /** Memory of the servers; `sec-ded` if absent. */
  readonly ecc?: HostSpec['ecc'];
}

const HOSTS_PER_RACK = 16;
const RACKS = 5;

/**
 * One data centre `dc1` with three redundant cluster switches over two rows of racks `r1`, `r2`, ...; the first row has fewer.
 * The racks of a row are stacked, so that the failure of all three cluster switches parts the rows and nothing else.
 *
 * Each role is spread over the racks, alternating between the rows: from three hosts on, the rows hold a minority and a majority
 * of it (of an even number too). Hosts are named in the order of the racks: `n1`, `n2`, ... for the role `server`, by the role's name
 * (`store1`) for others, `c1`, `c2`, ... for clients, who are spread evenly over all racks.
 */
export function defaultTopology({
  roles,
  clients,
  racks,
  ecc = 'sec-ded',
}: DefaultTopologyOptions): Topology {
  const servers = Object.values(roles).reduce((sum, count) => sum + count, 0);
  const rackCount = Math.max(2, racks ?? Math.max(RACKS, Math.ceil((servers + clients) / HOSTS_PER_RACK)));
  const firstRow = Math.floor((rackCount - 1) / 2) || 1;
  const order = placingOrder(rackCount, firstRow);

  const hosts: HostSpec[][] = Array.from({ length: rackCount }, () => []);
  for (const [role, count] of Object.entries(roles)) {
    const prefix = role === 'server' ? 'n' : role;
    place(count, order, rackCount, (rack, nth) => hosts[rack]!.push({ name: `${prefix}${nth}`, role, ecc }));
  }
  const everyRack = Array.from({ length: rackCount }, (_, rack) => rack);
  place(clients, everyRack, rackCount, (rack, nth) => hosts[rack]!.push({ name: `c${nth}`, role: 'client' }));

  return {
    datacenters: [
      {
        name: 'dc1',
        clusterSwitches: 3,
        racks: hosts.map(
          (inRack, rack): Rack => ({
            name: `r${rack + 1}`,
            row: rack < firstRow ? 'row-1' : 'row-2',
            hosts: inRack,
          }),
        ),
      },
    ],
    cables: [],
  };
}

/** Racks in the order in which hosts of a role are put into them: second row, first row, and the rest of the second before the rest of the first. */
function placingOrder(rackCount: number, firstRow: number): number[] {
  const first = Array.from({ length: firstRow }, (_, rack) => rack);
  const second = Array.from({ length: rackCount - firstRow }, (_, nth) => firstRow + nth);
  const order: number[] = [];
  // After each prefix of three or more the second row holds more than half, whether the number is even or odd.
  while (first.length > 0 || second.length > 0) {
    const inSecond = order.filter((rack) => rack >= firstRow).length;
    const inFirst = order.length - inSecond;
    const takeSecond =
      second.length > 0 && (first.length === 0 || inSecond <= inFirst + (order.length >= 3 ? 1 : 0));
    order.push(takeSecond ? second.shift()! : first.shift()!);
  }
  return order;
}

/** Deals `count` hosts round robin in this order of racks, then numbers them rack by rack. */
function place(
  count: number,
  order: readonly number[],
  rackCount: number,
  put: (rack: number, nth: number) => void,
): void {
  const perRack = new Array<number>(rackCount).fill(0);
  for (let nth = 0; nth < count; nth++) perRack[order[nth % order.length]!]!++;
  let number = 0;
  for (const [rack, here] of perRack.entries()) {
    for (let left = here; left > 0; left--) put(rack, ++number);
  }
}

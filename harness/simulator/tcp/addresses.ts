import type { Topology } from '../../contract/index.ts';

/** IPv4 addresses of hosts: 10.datacenter.rack.host, by their places in the topology; by their place among all hosts where one of these has no room. */
export class Addresses {
  private readonly byHost = new Map<string, string>();
  /** By role. */
  private readonly groups = new Map<string, string[]>();
  private readonly byAddress = new Map<string, string>();

  private readonly topology: Topology;

  constructor(topology: Topology) {
    this.topology = topology;
  }

  /** Many runs never ask. */
  private number(): void {
    if (this.byHost.size > 0) return;
    const { datacenters } = this.topology;
    const fits =
      datacenters.length <= 255 &&
      datacenters.every(
        ({ racks }) => racks.length <= 256 && racks.every(({ hosts }) => hosts.length <= 254),
      );
    let before = 0;
    for (const [datacenter, { racks }] of datacenters.entries()) {
      for (const [rack, { hosts }] of racks.entries()) {
        for (const [host, { name, role }] of hosts.entries()) {
          const nth = fits ? ((datacenter + 1) * 256 + rack) * 256 + host + 1 : ++before;
          const group = this.groups.get(role);
          if (group === undefined) this.groups.set(role, [name]);
          else group.push(name);
          this.add(name, `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`);
        }
      }
    }
  }

  private add(host: string, address: string): void {
    this.byHost.set(host, address);
    this.byAddress.set(address, host);
  }

  of(host: string): string | undefined {
    this.number();
    return this.byHost.get(host);
  }

  /** The host of this name, or the hosts of this role. */
  hostsOf(name: string): readonly string[] {
    this.number();
    return this.byHost.has(name) ? [name] : (this.groups.get(name) ?? []);
  }

  hostAt(address: string): string | undefined {
    this.number();
    return this.byAddress.get(address);
  }
}

import type { Applied, Json, PacketRule, Pairs } from '../contract/index.ts';
import { applied, outcome } from './applied.ts';
import { BadLinks } from './bad-links.ts';
import { native } from './native.ts';
import type { Network } from './network.ts';
import { PacketFilter } from './packet-filter.ts';

/** What can be done to a network: rules of the kernel's packet filter, links that misbehave, bridges that go down. Each counts what it did. */
export class NetworkLevers {
  private readonly network: Network;
  private readonly filter: PacketFilter;
  private readonly links: BadLinks | undefined;

  /** `shared`: a folder in memory. */
  constructor(network: Network, shared: string) {
    this.network = network;
    this.filter = new PacketFilter(network.layout);
    const link = native('link', shared);
    if (link !== undefined) this.links = new BadLinks(network.layout, link, shared);
  }

  block(pairs: Pairs): Applied {
    const rule = this.filter.add(pairs);
    return applied(
      () => this.filter.remove(rule),
      () => {
        const packetsDropped = this.filter.dropped(rule);
        return outcome(packetsDropped > 0, { packetsDropped });
      },
    );
  }

  impair(rule: PacketRule): Applied {
    return rule.loss === undefined ? this.bend(rule) : this.lose(rule);
  }

  /** Corrupted packets are found out by the checksum of their transport, and lost. */
  private bend(rule: PacketRule): Applied {
    const links = this.links!;
    const fault = links.add(rule);
    return applied(
      () => links.remove(fault),
      () => {
        const { corrupted, ...others } = links.counted(fault);
        const changed = Object.values(others).some((count) => count > 0);
        return outcome(changed, { ...others, corrupted }, corrupted > 0);
      },
    );
  }

  private lose({ pairs, loss, only }: PacketRule): Applied {
    const name = this.filter.add(pairs, { ...(loss !== undefined && { loss }), ...(only && { only }) });
    return applied(
      () => this.filter.remove(name),
      () => {
        const lost = this.filter.dropped(name);
        return outcome(lost > 0, { lost });
      },
    );
  }

  switchDown(name: string): Applied {
    const before = this.network.arrivedAt(name);
    return this.outage(name, () => ({ packetsSwallowed: this.network.arrivedAt(name) - before }));
  }

  cableDown(name: string): Applied {
    return this.outage(name, () => ({}));
  }

  private outage(name: string, figures: () => { readonly [name: string]: Json }): Applied {
    const before = this.network.pairsCut;
    this.network.fail(name);
    const pairsCut = this.network.pairsCut - before;
    return applied(
      () => this.network.restore(name),
      // With a detour left, only the way has changed.
      () => outcome(pairsCut > 0, { pairsCut, ...figures() }, true),
    );
  }
}

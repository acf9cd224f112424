import type { Applied, Evidence, PacketRule, Pairs } from '../contract/index.ts';
import { applied, outcome } from './applied.ts';
import type { Graph } from './graph.ts';
import { Block, Impairment, type NetworkFabric, Outage } from './network.ts';

/** What the simulator can do to its network. */
export class NetworkLevers {
  protected readonly graph: Graph;
  private readonly fabric: NetworkFabric;
  /** As it was built: what would pass a switch or a cable that is down. */
  private readonly intact: Graph;

  constructor(fabric: NetworkFabric, graph: Graph, intact: Graph) {
    this.fabric = fabric;
    this.graph = graph;
    this.intact = intact;
  }

  block(pairs: Pairs): Applied {
    const block = new Block(this.pairSet(pairs));
    this.fabric.blocks.add(block);
    return applied(
      () => this.fabric.blocks.delete(block),
      () => outcome(block.dropped > 0, { packetsDropped: block.dropped }),
    );
  }

  impair(rule: PacketRule): Applied {
    const pairs = this.pairSet(rule.pairs);
    const it = new Impairment(rule, pairs, (figures) => {
      let twins = 0;
      for (const other of this.fabric.impairments) {
        if (other.figures === figures && overlap(other.pairs, pairs)) twins++;
      }
      return twins;
    });
    this.fabric.impairments.add(it);
    return applied(
      () => this.fabric.impairments.delete(it),
      () => {
        const { met, lost, delayed, duplicated, reordered, corrupted } = it;
        const changed = lost + delayed + duplicated + reordered + corrupted;
        return outcome(changed > 0, { packetsMet: met, lost, delayed, duplicated, reordered, corrupted });
      },
    );
  }

  switchDown(name: string): Applied {
    this.graph.setNode(name, false);
    const outage = this.outage(name);
    return applied(
      () => {
        this.graph.setNode(name, true);
        this.fabric.outages.delete(outage);
      },
      () => this.outageEvidence(outage),
    );
  }

  cableDown(name: string): Applied {
    this.graph.setCable(name, false);
    const outage = this.outage(name);
    return applied(
      () => {
        this.graph.setCable(name, true);
        this.fabric.outages.delete(outage);
      },
      () => this.outageEvidence(outage),
    );
  }

  private pairSet(pairs: Pairs): Set<number> {
    return new Set(pairs.map(([from, to]) => this.fabric.pairOf(from, to)));
  }

  private outage(name: string): Outage {
    const known = new Map<number, boolean>();
    const outage = new Outage((from, to) => {
      const pair = from * this.graph.hostNames.length + to;
      let on = known.get(pair);
      if (on === undefined) {
        const route = this.intact.route(from, to);
        on = route !== undefined && this.intact.passes(route, name);
        known.set(pair, on);
      }
      return on;
    });
    this.fabric.outages.add(outage);
    return outage;
  }

  private outageEvidence(outage: Outage): Evidence {
    return outcome(
      outage.dropped > 0,
      { packetsDropped: outage.dropped, packetsRerouted: outage.rerouted },
      outage.rerouted > 0,
    );
  }
}

function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  for (const pair of one) if (other.has(pair)) return true;
  return false;
}

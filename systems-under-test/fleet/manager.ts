import type { Host, Json, Nanos } from '../../harness/contract/index.ts';
import type { FleetOptions } from './options.ts';
import { Placement } from './placement.ts';

type Fields = { readonly [name: string]: Json };

interface Group {
  /** Machines that have a copy, as far as the manager knows. */
  holders: number[];
  /** Machines that are making one. */
  targets: number[];
}

/** Looks for silent machines so many times between two heartbeats. */
const LOOKS = 4;

/**
 * Knows which machine has which group, learns of failures after a while, and has what is missing copied. A group of which
 * no copy is left is `lost`; new data take its place, so that the fleet stays as it is and the rate of losses can be measured.
 */
export class Manager {
  private readonly host: Host;
  private readonly options: FleetOptions;
  private readonly machines: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly groups: Group[] = [];
  /** For each machine the groups that it has, or is to get. */
  private readonly groupsOf: Set<number>[];
  private readonly up: boolean[];
  private readonly heardAt: Nanos[];
  private readonly placement: Placement;

  constructor(host: Host, options: FleetOptions, machines: readonly string[]) {
    this.host = host;
    this.options = options;
    this.machines = machines;
    this.numbers = new Map(machines.map((name, nth) => [name, nth]));
    this.groupsOf = machines.map(() => new Set());
    this.up = machines.map(() => true);
    this.heardAt = machines.map(() => host.clock.monotonic());
    this.placement = new Placement(options, host.random);
  }

  start(): void {
    for (let group = 0; group < this.options.groups; group++) {
      this.groups.push({ holders: [], targets: [] });
      this.fill(group);
    }
    for (const [nth, groups] of this.groupsOf.entries())
      if (groups.size > 0) this.host.network.send(this.machines[nth]!, { f: 'hold', groups: [...groups] });

    this.host.network.onMessage((message, from) => this.heard(message as Fields, this.numbers.get(from)!));
    this.host.network.onRequest((message) => {
      const { holders } = this.groups[(message as Fields).group as number]!;
      return { from: holders.map((machine) => this.machines[machine]!) };
    });
    if ('every' in this.options.detection) this.watch(this.options.detection);
  }

  /** New data, on as many machines as copies are wanted. */
  private fill(group: number): void {
    const { holders } = this.groups[group]!;
    while (holders.length < this.options.copies) {
      const machine = this.placement.next(holders, (each) => this.up[each]!);
      if (machine === undefined) return;
      holders.push(machine);
      this.groupsOf[machine]!.add(group);
    }
  }

  private heard({ f, group }: Fields, machine: number): void {
    switch (f) {
      case 'alive':
        this.heardAt[machine] = this.host.clock.monotonic();
        return;
      case 'silent':
        this.dead(machine);
        return;
      case 'joined':
        // Whoever joins anew is empty: if nobody noticed that it was gone, its copies are gone all the same.
        this.dead(machine);
        this.up[machine] = true;
        this.heardAt[machine] = this.host.clock.monotonic();
        return;
      case 'stored':
        this.stored(group as number, machine);
    }
  }

  private watch({ every, deadAfter }: { readonly every: Nanos; readonly deadAfter: Nanos }): void {
    const now = this.host.clock.monotonic();
    for (const [machine, at] of this.heardAt.entries())
      if (this.up[machine] && now - at >= deadAfter) this.dead(machine);
    this.host.after(every / LOOKS, () => this.watch({ every, deadAfter }));
  }

  private dead(machine: number): void {
    if (!this.up[machine]) return;
    this.up[machine] = false;
    this.host.note('detected', this.machines[machine]!);
    const groups = [...this.groupsOf[machine]!];
    this.groupsOf[machine]!.clear();
    for (const number of groups) {
      const group = this.groups[number]!;
      group.holders = group.holders.filter((each) => each !== machine);
      group.targets = group.targets.filter((each) => each !== machine);
      if (group.holders.length === 0) this.lost(number, group);
      else this.repair(number, group);
    }
  }

  private repair(number: number, group: Group): void {
    while (group.holders.length + group.targets.length < this.options.copies) {
      const taken = [...group.holders, ...group.targets];
      const target = this.placement.next(taken, (machine) => this.up[machine]!);
      if (target === undefined) return;
      group.targets.push(target);
      this.groupsOf[target]!.add(number);
      this.host.network.send(this.machines[target]!, { f: 'copy', group: number });
    }
  }

  private stored(number: number, machine: number): void {
    const group = this.groups[number]!;
    if (!group.targets.includes(machine)) return;
    group.targets = group.targets.filter((each) => each !== machine);
    group.holders.push(machine);
    this.host.note('repaired', number);
  }

  private lost(number: number, group: Group): void {
    this.host.note('lost', number);
    for (const target of group.targets) this.groupsOf[target]!.delete(number);
    group.targets = [];
    this.fill(number);
    for (const machine of group.holders)
      this.host.network.send(this.machines[machine]!, { f: 'hold', groups: [number] });
  }
}

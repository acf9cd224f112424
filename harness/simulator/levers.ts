import type {
  Applied,
  Configuration,
  DiskChange,
  Lever,
  Levers,
  Nanos,
  Random,
  UnsyncedWrites,
} from '../contract/index.ts';
import { applied, counting, diskDamage, outcome } from './applied.ts';
import { atWrite } from './at-write.ts';
import type { Graph } from './graph.ts';
import type { Kernel } from './kernel.ts';
import { LoadSource } from './load.ts';
import type { Machine } from './machine.ts';
import type { NetworkFabric } from './network.ts';
import { NetworkLevers } from './network-levers.ts';
import { createRandom } from './random.ts';

const SUPPORTED: readonly Lever[] = [
  'partition',
  'packets',
  'packet-loss',
  'wire-bits',
  'switch',
  'cable',
  'kill',
  'power',
  'pause',
  'slow',
  'clock',
  'memory-bits',
  'disk-bits',
  'disk-sectors',
  'disk-full',
  'disk-slow',
  'disk-destroy',
  'disk-sync',
  'files',
  'configuration',
  'load',
];

/** What the simulator can do to its machines and its network. Every lever takes effect at the present instant. */
export class SimulatorLevers extends NetworkLevers implements Levers {
  readonly supported: ReadonlySet<Lever> = new Set(SUPPORTED);
  private readonly kernel: Kernel;
  private readonly machines: readonly Machine[];
  private readonly seed: string;
  /** Uses of the same lever on the same machine at the same instant: the only thing that tells their draws apart. */
  private readonly uses = new Map<string, number>();

  constructor(
    kernel: Kernel,
    fabric: NetworkFabric,
    graph: Graph,
    intact: Graph,
    machines: readonly Machine[],
    seed: string,
  ) {
    super(fabric, graph, intact);
    this.kernel = kernel;
    this.machines = machines;
    this.seed = seed;
  }

  kill(host: string): Applied {
    const machine = this.machine(host);
    const ran = machine.process !== undefined;
    machine.killProcess();
    return applied(
      () => machine.release(),
      () => outcome(ran, { processesKilled: ran ? 1 : 0 }),
    );
  }

  terminate(host: string): Applied {
    const machine = this.machine(host);
    const ran = machine.process !== undefined;
    machine.terminateProcess();
    return applied(
      () => machine.release(),
      () => outcome(ran, { processesKilled: ran ? 1 : 0 }),
    );
  }

  power(host: string, unsynced: UnsyncedWrites): Applied {
    const machine = this.machine(host);
    const ran = machine.process !== undefined;
    const writes = machine.powerOff(unsynced);
    return applied(
      () => machine.release(),
      () =>
        outcome(ran || writes.lost + writes.torn > 0, {
          machinesOff: ran ? 1 : 0,
          writesKept: writes.kept,
          writesLost: writes.lost,
          writesTorn: writes.torn,
        }),
    );
  }

  atWrite(hosts: readonly string[], what: DiskChange, within: Nanos, act: () => Applied): Applied {
    const machines = hosts.map((host) => this.machine(host));
    return atWrite(this.kernel, machines, what, within, this.draws('power', hosts.join()), act);
  }

  pause(host: string, what: 'process' | 'machine'): Applied {
    const machine = this.machine(host);
    const delayedBefore = machine.delayedByPause;
    const lostBefore = machine.lostPackets;
    const since = this.kernel.now;
    let until: Nanos | undefined;
    let delayed = 0;
    let lost = 0;
    const count = (): void => {
      delayed = machine.delayedByPause - delayedBefore;
      lost = machine.lostPackets - lostBefore;
    };
    machine.pause(what);
    return applied(
      () => {
        count();
        until = this.kernel.now;
        machine.resume(what);
      },
      () => {
        if (until === undefined) count();
        return outcome(delayed + lost > 0, {
          pausedFor: (until ?? this.kernel.now) - since,
          eventsDelayed: delayed,
          packetsLost: lost,
        });
      },
    );
  }

  slow(host: string, factor: number): Applied {
    const machine = this.machine(host);
    const count = counting(() => machine.slowedTasks);
    machine.slow(factor);
    return applied(
      () => {
        count.stop();
        machine.unslow(factor);
      },
      () => outcome(count.value() > 0, { eventsSlowed: count.value() }),
    );
  }

  clock(
    host: string,
    change: { readonly step?: Nanos; readonly driftPpm?: number; readonly lasting?: boolean },
  ): Applied {
    const machine = this.machine(host);
    const entry = { from: this.kernel.now, step: change.step ?? 0, driftPpm: change.driftPpm ?? 0 };
    const count = counting(() => machine.clockReads);
    machine.clockChanges.push(entry);
    return applied(
      () => {
        if (!change.lasting) {
          count.stop();
          machine.clockChanges.splice(machine.clockChanges.indexOf(entry), 1);
          return;
        }
        // A step that stays: what the drift came to so far stays with it.
        entry.step += Math.round(((this.kernel.now - entry.from) * entry.driftPpm) / 1e6);
        entry.driftPpm = 0;
      },
      () => outcome(count.value() > 0, { wrongClockReads: count.value() }),
    );
  }

  flipMemory(host: string, bits: number, words = 1): Applied {
    const { memory, powered } = this.machine(host);
    const before = { ...memory.counters };
    const flips = powered ? memory.flip(bits, words, this.draws('memory-bits', host)) : [];
    return applied(
      () => {},
      () => {
        const { corrected, detected, escaped } = memory.counters;
        const outcomes = flips.map((flip) => flip.outcome);
        // What one bit does tells more than what became of the others.
        const shown = flips.find(({ outcome }) => outcome === 'bit') ?? flips[0];
        const figures = {
          words: flips.length,
          region: shown?.region ?? null,
          word: shown?.word ?? null,
          corrected: corrected - before.corrected,
          detected: detected - before.detected,
          escaped: escaped - before.escaped,
        };
        return outcome(outcomes.includes('bit'), figures, outcomes.includes('masked'));
      },
    );
  }

  flipDisk(host: string, bits: number, file?: string): Applied {
    const { disk } = this.machine(host);
    const flip = disk.flip(bits, this.draws('disk-bits', host), file);
    return applied(
      () => {},
      () => diskDamage(flip),
    );
  }

  badSector(host: string, file?: string): Applied {
    const { disk } = this.machine(host);
    const bad = disk.badSector(this.draws('disk-bits', host), file);
    return applied(
      () => {},
      () => diskDamage(bad),
    );
  }

  fillDisk(host: string): Applied {
    const { disk } = this.machine(host);
    const count = counting(() => disk.counters.full);
    disk.setFull(true);
    return applied(
      () => {
        count.stop();
        disk.setFull(false);
      },
      () => outcome(count.value() > 0, { writesRefused: count.value() }),
    );
  }

  slowDisk(host: string, factor: number): Applied {
    const { diskQueue } = this.machine(host);
    const count = counting(() => diskQueue.slowed);
    diskQueue.slow(factor);
    return applied(
      () => {
        count.stop();
        diskQueue.unslow(factor);
      },
      () => outcome(count.value() > 0, { operationsSlowed: count.value() }),
    );
  }

  failSyncs(host: string): Applied {
    const machine = this.machine(host);
    const { disk } = machine;
    const count = counting(() => disk.counters.unsyncable);
    disk.setFailingSyncs(true);
    return applied(
      () => {
        count.stop();
        disk.setFailingSyncs(false);
        machine.revive();
      },
      () => outcome(count.value() > 0, { syncsFailed: count.value() }),
    );
  }

  destroyDisk(host: string): Applied {
    const machine = this.machine(host);
    const bytes = machine.disk.used;
    const count = counting(() => machine.disk.counters.destroyed);
    machine.disk.destroy();
    return applied(
      () => {
        count.stop();
        if (!machine.disk.destroyed) return;
        // The disk is exchanged for an empty one, and the process starts on it.
        machine.killProcess();
        machine.release();
      },
      () => outcome(bytes + count.value() > 0, { bytesLost: bytes, operationsFailed: count.value() }),
    );
  }

  deleteFiles(host: string, file = ''): Applied {
    const gone = this.machine(host).disk.deleteFiles(file);
    return applied(
      () => {},
      () => outcome(gone > 0, { filesDeleted: gone }),
    );
  }

  configure(
    host: string,
    change: Configuration,
    { lasting = false }: { readonly lasting?: boolean } = {},
  ): Applied {
    const machine = this.machine(host);
    const entry = { change, starts: 0 };
    machine.configurations.push(entry);
    return applied(
      () => {
        if (!lasting) machine.configurations.splice(machine.configurations.indexOf(entry), 1);
      },
      () => outcome(entry.starts > 0, { processesStarted: entry.starts }),
    );
  }

  load(host: string, requests: { readonly perSecond: number; readonly cost: Nanos }): Applied {
    const source = new LoadSource(this.machine(host), requests.perSecond, requests.cost);
    source.start();
    return applied(
      () => source.stop(),
      () => outcome(source.served > 0, { requestsServed: source.served, requestsSent: source.sent }),
    );
  }

  private machine(host: string): Machine {
    return this.machines[this.graph.hostIndex(host)]!;
  }

  /** Draws of one use of a lever: a fault more or less elsewhere moves none of them. */
  private draws(lever: Lever, host: string): Random {
    const use = `${lever}/${host}/${this.kernel.now}`;
    const nth = this.uses.get(use) ?? 0;
    this.uses.set(use, nth + 1);
    return createRandom(`${this.seed}/lever/${use}/${nth}`);
  }
}

import type {
  Copy,
  Levers,
  Limits,
  Nanos,
  ObservationSink,
  Program,
  Random,
  RunEnd,
  Topology,
  World,
  WorldSettings,
} from '../contract/index.ts';
import type { Action } from './event-queue.ts';
import { Graph } from './graph.ts';
import { EventCode, Kernel } from './kernel.ts';
import { SimulatorLevers } from './levers.ts';
import { Machine } from './machine.ts';
import { NetworkFabric } from './network.ts';
import type { Process, ProcessTask } from './process.ts';
import { hashString, randomOf } from './random.ts';
import { Addresses } from './tcp/addresses.ts';
import { type TraceOptions, traceInto } from './trace.ts';

export interface SimulatorOptions {
  readonly seed: number | string;
  readonly topology: Topology;
  readonly settings: WorldSettings;
  readonly limits: Limits;
  /** Told at once what hosts say. */
  readonly observe: ObservationSink;
  /** Prints what happens, for people. Does not change the run. */
  readonly trace?: TraceOptions;
}

/** A task of the harness inside a process: the call of a client. */
class HarnessTask implements ProcessTask {
  readonly bytes = 0;
  readonly droppable = false;
  private readonly code: () => void | Promise<void>;
  constructor(code: () => void | Promise<void>) {
    this.code = code;
  }
  run(): void {
    void this.code();
  }
}

/** What went over the network. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/** The deterministic world. One instance is one run. */
export class Simulator implements World {
  readonly kind = 'simulator';
  readonly levers: Levers;
  readonly kernel: Kernel;
  readonly graph: Graph;
  readonly fabric: NetworkFabric;
  readonly machines: readonly Machine[];
  private readonly seed: string;

  constructor(options: SimulatorOptions) {
    const { topology, settings, limits, observe } = options;
    this.seed = String(options.seed);
    this.kernel = new Kernel(limits, settings.tick);
    this.graph = new Graph(topology, settings.hopLatency);
    const specs = topology.datacenters.flatMap((datacenter) =>
      datacenter.racks.flatMap((rack) => rack.hosts),
    );
    this.machines = specs.map(
      (spec, index) => new Machine(this.kernel, settings, index, spec, this.seed, observe),
    );
    this.fabric = new NetworkFabric(this.kernel, this.graph, settings, this.machines, hashString(this.seed));
    this.fabric.addresses = new Addresses(topology);
    for (const machine of this.machines) machine.fabric = this.fabric;
    const intact = new Graph(topology, settings.hopLatency);
    this.levers = new SimulatorLevers(this.kernel, this.fabric, this.graph, intact, this.machines, this.seed);
    if (options.trace !== undefined) traceInto(this, options.trace);
  }

  now(): Nanos {
    return this.kernel.now;
  }

  random(purpose: string): Random {
    return randomOf(this.seed, purpose);
  }

  at(time: Nanos, action: () => void | Promise<void>): void {
    const { kernel } = this;
    const event: Action = { fire: () => kernel.runHarness(action) };
    kernel.schedule(time, EventCode.harness, 0, 0, event);
  }

  boot(host: string, program: Program): void {
    this.machine(host).boot(program);
  }

  enter(host: string, task: () => void | Promise<void>): void {
    this.machine(host).process?.enqueueSoon(new HarnessTask(task));
  }

  look(host: string, told: (copies: readonly Copy[]) => void): boolean {
    const { process } = this.machine(host);
    if (process?.look === undefined) return false;
    process.enqueueSoon(new HarnessTask(() => told(process.look!())));
    return true;
  }

  async run(): Promise<RunEnd> {
    try {
      return await this.kernel.run();
    } finally {
      for (const { process } of this.machines) process?.runtime?.ended();
    }
  }

  stop(): void {
    this.kernel.stop();
  }

  /** Packets and bytes that hosts have sent to other hosts so far. */
  get traffic(): Traffic {
    return { packets: this.fabric.packetsSent, bytes: this.fabric.bytesSent };
  }

  /** The process that runs on a host now, for inspection by tests. */
  processOf(host: string): Process | undefined {
    return this.machine(host).process;
  }

  /** @throws RangeError for an unknown host. */
  machine(host: string): Machine {
    return this.machines[this.graph.hostIndex(host)]!;
  }
}

export function createSimulator(options: SimulatorOptions): Simulator {
  return new Simulator(options);
}

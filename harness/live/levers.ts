import type {
  Applied,
  Evidence,
  Json,
  Lever,
  Levers,
  Nanos,
  PacketRule,
  Pairs,
  Random,
} from '../contract/index.ts';
import { BadLinks } from './bad-links.ts';
import { now } from './clock.ts';
import { deleteFiles, flipFile, flipMemory, freeBytes, resize } from './damage.ts';
import { DISK_BYTES, type LiveMachine } from './live-machine.ts';
import { isNative, native } from './native.ts';
import type { Network } from './network.ts';
import { PacketFilter } from './packet-filter.ts';

/** One round of a slowed host: it runs for a share of this, and is stopped for the rest. Milliseconds. */
const ROUND = 50;
/** The shortest time that it runs for. */
const SHORTEST_RUN = 1;

function applied(undo: () => void, evidence: () => Evidence): Applied {
  let inForce = true;
  let last: Evidence | undefined;
  return {
    heal() {
      if (!inForce) return;
      // What the machine counted is gone when the lever is back.
      last = evidence();
      inForce = false;
      undo();
    },
    evidence: () => last ?? evidence(),
  };
}

/** Healing does not undo it, and what becomes of it shows until the end. */
function lasting(evidence: () => Evidence): Applied {
  return { heal() {}, evidence };
}

function outcome(bit: boolean, figures: { readonly [name: string]: Json }, masked = false): Evidence {
  return { outcome: bit ? 'bit' : masked ? 'masked' : 'no-effect', figures };
}

/**
 * What real machines can be made to suffer. `supported` is what this kernel was found to have; the rest is refused before the run. What each
 * fault did is measured: packets that the kernel counted, processes that it says are stopped, CPU time that was not used.
 */
export class LiveLevers implements Levers {
  readonly supported: ReadonlySet<Lever>;
  private readonly network: Network;
  private readonly filter: PacketFilter;
  private readonly machines: ReadonlyMap<string, LiveMachine>;
  private readonly links: BadLinks | undefined;
  private damaged = 0;
  private readonly random: (purpose: string) => Random;

  /** `shared`: a folder in memory. */
  constructor(
    network: Network,
    machines: ReadonlyMap<string, LiveMachine>,
    shared: string,
    random: (purpose: string) => Random,
  ) {
    this.random = random;
    this.network = network;
    this.filter = new PacketFilter(network.layout);
    this.machines = machines;
    const link = native('link', shared);
    if (link !== undefined) this.links = new BadLinks(network.layout, link, shared);
    this.supported = supportedLevers();
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

  kill(host: string): Applied {
    const machine = this.machine(host);
    const since = now();
    const processesKilled = machine.kill();
    return applied(
      () => machine.release(),
      () => outcome(processesKilled > 0, { processesKilled, deadFor: now() - since }),
    );
  }

  terminate(host: string): Applied {
    return this.kill(host);
  }

  pause(host: string, what: 'process' | 'machine'): Applied {
    const machine = this.machine(host);
    const others = [...this.machines.keys()].filter((name) => name !== host);
    const cut =
      what === 'machine'
        ? this.block(others.flatMap((other) => [[host, other] as const, [other, host] as const]))
        : undefined;
    const since = now();
    machine.hold();
    const ticks = machine.processes.ticks();
    return applied(
      () => {
        machine.letGo();
        void cut?.heal();
      },
      () => {
        const processesStopped = machine.processes.stopped();
        return outcome(processesStopped > 0, {
          pausedFor: now() - since,
          processesStopped,
          ticksUsed: machine.processes.ticks() - ticks,
          ...(cut && { packetsLost: cut.evidence().figures.packetsDropped ?? 0 }),
        });
      },
    );
  }

  slow(host: string, factor: number): Applied {
    const machine = this.machine(host);
    const running = Math.max(SHORTEST_RUN, ROUND / factor);
    const stopping = running * (factor - 1);
    const since = now();
    let stops = 0;
    let stoppedFor = 0;
    let stoppedSince: number | undefined;
    let timer: NodeJS.Timeout;
    const go = (): void => {
      if (stoppedSince !== undefined) {
        stoppedFor += now() - stoppedSince;
        machine.letGo();
      }
      stoppedSince = undefined;
      timer = setTimeout(stop, running);
    };
    const stop = (): void => {
      if (machine.hold() > 0) stops++;
      stoppedSince = now();
      timer = setTimeout(go, stopping);
    };
    go();
    return applied(
      () => {
        go();
        clearTimeout(timer);
      },
      () => outcome(stops > 0, { stops, stoppedFor, lasted: now() - since }),
    );
  }

  clock(
    host: string,
    { step = 0, driftPpm = 0, lasting = false }: { step?: Nanos; driftPpm?: number; lasting?: boolean },
  ): Applied {
    const { clock } = this.machine(host);
    if (clock === undefined) throw lacking('clock');
    const since = now();
    const reads = clock.reads;
    clock.change({ step, driftPpm });
    return applied(
      () => {
        const drifted = ((now() - since) * driftPpm) / 1e6;
        clock.change({ step: lasting ? 0 : -(step + drifted), driftPpm: -driftPpm });
      },
      () => {
        const wrongReads = clock.reads - reads;
        return outcome(wrongReads > 0, { wrongReads, ahead: clock.ahead });
      },
    );
  }
  power(): Applied {
    throw lacking('power');
  }
  flipMemory(host: string, bits: number): Applied {
    const { processes } = this.machine(host);
    return lasting(flipMemory(processes.list(), bits, this.draws('memory', host)));
  }
  flipDisk(host: string, bits: number, file?: string): Applied {
    return lasting(flipFile(this.machine(host).folder, bits, this.draws('disk', host), file));
  }
  deleteFiles(host: string, file?: string): Applied {
    return lasting(deleteFiles(this.machine(host).folder, file));
  }
  fillDisk(host: string): Applied {
    const { folder } = this.machine(host);
    resize(folder);
    const bytesFree = freeBytes(folder);
    return applied(
      () => resize(folder, DISK_BYTES),
      () => outcome(bytesFree === 0, { bytesFree }),
    );
  }
  badSector(): Applied {
    throw lacking('disk-sectors');
  }
  slowDisk(): Applied {
    throw lacking('disk-slow');
  }
  destroyDisk(): Applied {
    throw lacking('disk-destroy');
  }
  configure(): Applied {
    throw lacking('configuration');
  }
  load(): Applied {
    throw lacking('load');
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

  /** Another stream for each fault. */
  private draws(purpose: string, host: string): Random {
    return this.random(`${purpose}/${host}/${this.damaged++}`);
  }

  private machine(host: string): LiveMachine {
    const machine = this.machines.get(host);
    if (machine === undefined) throw new RangeError(`expected the name of a host, got ${host}`);
    return machine;
  }
}

const BY_FILTER: readonly Lever[] = ['partition', 'packet-loss'];
const BY_PROGRAM: readonly Lever[] = ['packets', 'wire-bits', 'clock'];
const ALWAYS: readonly Lever[] = [
  'switch',
  'cable',
  'kill',
  'pause',
  'slow',
  'memory-bits',
  'disk-bits',
  'disk-full',
  'files',
];

/** What can be done to hosts on this machine: looked up in the enclosure, before there is a world. */
export function supportedLevers(): ReadonlySet<Lever> {
  return new Set([
    ...(PacketFilter.available() ? BY_FILTER : []),
    ...(isNative() ? BY_PROGRAM : []),
    ...ALWAYS,
  ]);
}

/** The same, where this machine has less than others; undefined if it has everything: seeds then mean the same plans everywhere. */
export function fewerLevers(): ReadonlySet<Lever> | undefined {
  const supported = supportedLevers();
  return supported.size < BY_FILTER.length + BY_PROGRAM.length + ALWAYS.length ? supported : undefined;
}

/** Plans that need it are refused before the run: to get here is a defect. */
function lacking(lever: Lever): Error {
  return new Error(`the live world has no lever ${lever}`);
}

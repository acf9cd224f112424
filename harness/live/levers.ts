import {
  type Applied,
  type DiskChange,
  type Lever,
  type Levers,
  MILLISECOND,
  type Nanos,
  type Random,
  type UnsyncedWrites,
} from '../contract/index.ts';
import { applied, lasting, outcome } from './applied.ts';
import { now } from './clock.ts';
import { deleteFiles, flipFile, flipMemory, freeBytes, resize } from './damage.ts';
import { DISK_BYTES, type LiveMachine } from './live-machine.ts';
import { isNative } from './native.ts';
import type { Network } from './network.ts';
import { NetworkLevers } from './network-levers.ts';
import { PacketFilter } from './packet-filter.ts';

/** One round of a slowed host: it runs for a share of this, and is stopped for the rest. Milliseconds. */
const ROUND = 50;
/** What a sync would take on a disk. */
const SYNC = 1 * MILLISECOND;
/** The shortest time that it runs for. */
const SHORTEST_RUN = 1;

/**
 * What real machines can be made to suffer. `supported` is what this kernel was found to have; the rest is refused before the run. What each
 * fault did is measured: packets that the kernel counted, processes that it says are stopped, CPU time that was not used.
 */
export class LiveLevers extends NetworkLevers implements Levers {
  readonly supported: ReadonlySet<Lever>;
  private readonly machines: ReadonlyMap<string, LiveMachine>;
  private damaged = 0;
  private readonly random: (purpose: string) => Random;

  /** `shared`: a folder in memory. */
  constructor(
    network: Network,
    machines: ReadonlyMap<string, LiveMachine>,
    shared: string,
    random: (purpose: string) => Random,
  ) {
    super(network, shared);
    this.random = random;
    this.machines = machines;
    this.supported = supportedLevers();
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

  atWrite(_hosts: readonly string[], _what: DiskChange, _within: Nanos, act: () => Applied): Applied {
    return act();
  }

  pause(host: string, what: 'process' | 'machine'): Applied {
    const machine = this.machine(host);
    const cut = what === 'machine' ? this.silence(host) : undefined;
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
  /** Nothing answers from a machine without power: it is cut off before its processes end, so that nobody is told. */
  power(host: string, unsynced: UnsyncedWrites): Applied {
    const machine = this.machine(host);
    const cut = this.silence(host);
    const since = now();
    const { processes, fates } = machine.powerOff(unsynced, this.draws('power', host));
    const { kept: pagesKept, lost: pagesLost, torn: pagesTorn } = fates;
    return applied(
      () => {
        void cut.heal();
        machine.release();
      },
      () => {
        const figures = {
          processesKilled: processes,
          deadFor: now() - since,
          pagesKept,
          pagesLost,
          pagesTorn,
        };
        return outcome(processes > 0, figures);
      },
    );
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
  /** Files are in memory: what takes longer is a sync. */
  slowDisk(host: string, factor: number): Applied {
    const { storage } = this.machine(host);
    if (storage === undefined) throw lacking('disk-slow');
    const delay = factor * SYNC;
    const slowed = storage.slowed;
    storage.delay(delay);
    return applied(
      () => storage.delay(-delay),
      () => {
        const syncsSlowed = storage.slowed - slowed;
        return outcome(syncsSlowed > 0, { syncsSlowed, delay });
      },
    );
  }
  failSyncs(host: string): Applied {
    const machine = this.machine(host);
    const { storage } = machine;
    if (storage === undefined) throw lacking('disk-sync');
    const failed = storage.failed;
    storage.failing(true);
    return applied(
      () => {
        storage.failing(false);
        machine.revive();
      },
      () => {
        const syncsFailed = storage.failed - failed;
        return outcome(syncsFailed > 0, { syncsFailed });
      },
    );
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

  /** Cuts a host off from all others. */
  private silence(host: string): Applied {
    const others = [...this.machines.keys()].filter((name) => name !== host);
    return this.block(others.flatMap((other) => [[host, other] as const, [other, host] as const]));
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
const BY_PROGRAM: readonly Lever[] = ['packets', 'wire-bits', 'clock', 'power', 'disk-slow', 'disk-sync'];
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

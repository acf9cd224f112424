import type { Files, Nanos } from '../contract/index.ts';
import type { DiskState } from './disk-state.ts';
import type { Effect, Process } from './process.ts';

/** What changes which files there are, or how long they are. */
export const STRUCTURAL: ReadonlySet<string> = new Set(['replace', 'rename', 'remove', 'truncate']);

type Latency = 'diskReadLatency' | 'diskWriteLatency' | 'diskSyncLatency';

/**
 * The machine's files by calls that block the process: the disk's time is the process's own.
 * What names and sizes there are, costs nothing.
 *
 * What they do shows at once to the process, but happens when the process has waited for it: if it dies before, by its own hand or with its machine, it never did.
 */
export class FilePort implements Files, Effect {
  private readonly process: Process;
  private settles = false;

  constructor(process: Process) {
    this.process = process;
  }

  exists(file: string): boolean {
    return this.known('exists').exists(file);
  }
  size(file: string): number {
    return this.known('size').size(file);
  }
  read(file: string, offset?: number, length?: number): Uint8Array {
    return this.reading('read', length ?? 0).read(file, offset, length);
  }
  write(file: string, offset: number, bytes: Uint8Array): void {
    this.changing('write', 'diskWriteLatency', bytes.length, (disk) => disk.write(file, offset, bytes));
  }
  append(file: string, bytes: Uint8Array): number {
    return this.changing('append', 'diskWriteLatency', bytes.length, (disk) => disk.append(file, bytes));
  }
  truncate(file: string, length: number): void {
    this.changing('truncate', 'diskWriteLatency', 0, (disk) => disk.truncate(file, length));
  }
  rename(from: string, to: string): void {
    this.changing('rename', 'diskWriteLatency', 0, (disk) => disk.rename(from, to));
  }
  remove(file: string): void {
    this.changing('remove', 'diskWriteLatency', 0, (disk) => disk.remove(file));
  }
  sync(file: string): void {
    this.changing('sync', 'diskSyncLatency', 0, (disk) => disk.sync(file));
  }
  list(): string[] {
    return this.known('list').list();
  }
  some(prefix: string): boolean {
    return this.known('some').some(prefix);
  }

  /** Names and sizes are in memory. */
  private known(what: string): DiskState {
    this.process.mustRun(`native.files.${what}`);
    return this.process.machine.disk;
  }

  /** Waits for the disk, which may have other work before. @returns When it is done. */
  private wait(what: string, latency: Latency, bytes: number): Nanos {
    const { process } = this;
    process.mustRun(`native.files.${what}`);
    const { machine } = process;
    const now = process.ownTime();
    const done = machine.diskQueue.take(now, machine.settings[latency], bytes);
    process.block(done - now);
    return done;
  }

  private reading(what: string, bytes: number): DiskState {
    this.wait(what, 'diskReadLatency', bytes);
    return this.process.machine.disk;
  }

  private changing<T>(what: string, latency: Latency, bytes: number, change: (disk: DiskState) => T): T {
    const { machine } = this.process;
    const { disk } = machine;
    machine.beginsTo(STRUCTURAL.has(what) ? 'replace' : 'write');
    disk.blockUntil(this.wait(what, latency, bytes));
    if (!this.settles) {
      this.settles = true;
      this.process.emit(this);
    }
    try {
      return change(disk);
    } finally {
      disk.unblock();
    }
  }

  /** The event in which the process waited is over. */
  leave(): void {
    this.settles = false;
    this.process.machine.disk.settle();
  }
}

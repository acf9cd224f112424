import type { Files, Nanos } from '../contract/index.ts';
import type { DiskState } from './disk-state.ts';
import type { Process } from './process.ts';

/** The machine's files by calls that block the process: the disk's time is the process's own. What names and sizes there are, costs nothing. */
export class FilePort implements Files {
  private readonly process: Process;

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
    return this.blocking('read', 'diskReadLatency', length).read(file, offset, length);
  }
  write(file: string, offset: number, bytes: Uint8Array): void {
    this.blocking('write', 'diskWriteLatency', bytes.length).write(file, offset, bytes);
  }
  append(file: string, bytes: Uint8Array): number {
    return this.blocking('append', 'diskWriteLatency', bytes.length).append(file, bytes);
  }
  truncate(file: string, length: number): void {
    this.blocking('truncate', 'diskWriteLatency').truncate(file, length);
  }
  rename(from: string, to: string): void {
    this.blocking('rename', 'diskWriteLatency').rename(from, to);
  }
  remove(file: string): void {
    this.blocking('remove', 'diskWriteLatency').remove(file);
  }
  sync(file: string): void {
    this.blocking('sync', 'diskSyncLatency').sync(file);
  }
  list(): string[] {
    return this.known('list').list();
  }

  /** Names and sizes are in memory. */
  private known(what: string): DiskState {
    this.process.mustRun(`native.files.${what}`);
    return this.process.machine.disk;
  }

  /** Waits for the disk, which may have other work before. */
  private blocking(
    what: string,
    latency: 'diskReadLatency' | 'diskWriteLatency' | 'diskSyncLatency',
    bytes = 0,
  ): DiskState {
    const { process } = this;
    process.mustRun(`native.files.${what}`);
    const { machine } = process;
    const now = process.ownTime();
    const done: Nanos = machine.diskQueue.take(now, machine.settings[latency], bytes);
    process.block(done - now);
    return machine.disk;
  }
}

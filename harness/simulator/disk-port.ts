import type { Disk, Nanos, WriteOptions } from '../contract/index.ts';
import type { DiskState } from './disk-state.ts';
import type { Action } from './event-queue.ts';
import { STRUCTURAL } from './file-port.ts';
import { EventCode } from './kernel.ts';
import type { Effect, Process, ProcessTask } from './process.ts';

/** Bytes for which an operation takes its latency once more. */
const BYTES_PER_LATENCY = 256 * 1024;

/**
 * One disk operation: it leaves the process at the end of an event, waits for its turn on the disk, takes its time there, and its result
 * enters the process as an event.
 *
 * A write reaches the page cache when it leaves the process (`atOnce`); what it waits for is only the system call, or the sync that it asks for.
 * A sync takes effect when it completes (`atEnd`): a power cut before that loses what it was to save.
 */
class DiskOperation<T> implements Effect, Action, ProcessTask {
  readonly bytes: number;
  readonly droppable = false;
  private readonly what: string;
  private readonly file: string;
  private readonly process: Process;
  private readonly latency: Nanos;
  private readonly atOnce: (() => T) | undefined;
  private readonly atEnd: (() => T | undefined) | undefined;
  private readonly resolve: (result: T) => void;
  private readonly reject: (error: unknown) => void;
  private result: T | undefined;
  private error: unknown;

  constructor(
    what: string,
    file: string,
    process: Process,
    bytes: number,
    latency: Nanos,
    atOnce: (() => T) | undefined,
    atEnd: (() => T | undefined) | undefined,
    resolve: (result: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.what = what;
    this.file = file;
    this.process = process;
    this.bytes = bytes;
    this.latency = latency;
    this.atOnce = atOnce;
    this.atEnd = atEnd;
    this.resolve = resolve;
    this.reject = reject;
  }

  leave(): void {
    const { machine } = this.process;
    const { kernel } = machine;
    if (this.atOnce !== undefined) this.attempt(this.atOnce);
    if (STRUCTURAL.has(this.what)) machine.beginsTo('replace');
    else if (this.atOnce !== undefined) machine.beginsTo('write');
    const at = machine.diskQueue.take(kernel.now, this.latency, this.bytes);
    kernel.schedule(at, EventCode.disk, machine.index, this.bytes, this);
  }

  fire(): void {
    // The machine that ran this may have lost power meanwhile: then nothing completes.
    if (!this.process.alive) return;
    if (this.atEnd !== undefined && this.error === undefined) this.attempt(this.atEnd);
    const { machine } = this.process;
    if (machine.tell !== undefined) machine.tell(this.described());
    this.process.enqueue(this);
  }

  run(): void {
    if (this.error === undefined) this.resolve(this.result as T);
    else this.reject(this.error);
  }

  /** `disk append log 57 B`, for a trace. */
  private described(): string {
    const { what, file, bytes, result, error } = this;
    const length = result instanceof Uint8Array ? result.length : bytes;
    const size = length > 0 ? ` ${length} B` : '';
    const failed = error instanceof Error ? `: ${error.message}` : '';
    return `disk ${what}${file === '' ? '' : ` ${file}`}${size}${failed}`;
  }

  private attempt(part: () => T | undefined): void {
    try {
      this.result = part() ?? this.result;
    } catch (error) {
      this.error = error;
    }
  }
}

/** The disk's arm: one operation after the other. */
export class DiskQueue {
  private free: Nanos = 0;
  private slowness = 1;
  private readonly factors: number[] = [];
  slowed = 0;

  /** @returns When an operation on so many bytes is done. */
  take(now: Nanos, latency: Nanos, bytes: number): Nanos {
    if (this.factors.length > 0) this.slowed++;
    const start = now > this.free ? now : this.free;
    const time = latency * (1 + Math.floor(bytes / BYTES_PER_LATENCY));
    this.free = start + Math.ceil(time * this.slowness);
    return this.free;
  }
  /** Without power nothing waits. */
  clear(): void {
    this.free = 0;
  }
  slow(factor: number): void {
    this.factors.push(factor);
    this.slowness = Math.max(1, ...this.factors);
  }
  unslow(factor: number): void {
    this.factors.splice(this.factors.indexOf(factor), 1);
    this.slowness = Math.max(1, ...this.factors);
  }
}

/** The machine's disk as one incarnation of a process sees it. */
export class DiskPort implements Disk {
  private readonly process: Process;

  constructor(process: Process) {
    this.process = process;
  }

  append(file: string, bytes: Uint8Array, options?: WriteOptions): Promise<number> {
    const content = bytes.slice();
    return this.put('append', file, content, options, (disk) => disk.append(file, content));
  }
  write(file: string, offset: number, bytes: Uint8Array, options?: WriteOptions): Promise<void> {
    const content = bytes.slice();
    return this.put('write', file, content, options, (disk) => disk.write(file, offset, content));
  }
  replace(file: string, bytes: Uint8Array, options?: WriteOptions): Promise<void> {
    const { disk, settings } = this.process.machine;
    const content = bytes.slice();
    const syncs = options?.sync ? 2 : 1;
    const latency = settings.diskWriteLatency + syncs * settings.diskSyncLatency;
    return this.submit('replace', file, content.length, latency, undefined, () => {
      disk.replace(file, content);
      if (options?.sync) disk.sync(file);
    });
  }
  read(file: string, offset?: number, length?: number): Promise<Uint8Array> {
    const { disk, settings } = this.process.machine;
    return this.submit('read', file, length ?? 0, settings.diskReadLatency, undefined, () =>
      disk.read(file, offset, length),
    );
  }
  size(file: string): Promise<number> {
    const { disk, settings } = this.process.machine;
    return this.submit('size', file, 0, settings.diskReadLatency, undefined, () => disk.size(file));
  }
  truncate(file: string, length: number): Promise<void> {
    const { disk, settings } = this.process.machine;
    return this.submit('truncate', file, 0, settings.diskWriteLatency, () => disk.truncate(file, length));
  }
  remove(file: string): Promise<void> {
    const { disk, settings } = this.process.machine;
    return this.submit('remove', file, 0, settings.diskWriteLatency, () => disk.remove(file));
  }
  list(): Promise<string[]> {
    const { disk, settings } = this.process.machine;
    return this.submit('list', '', 0, settings.diskReadLatency, undefined, () => disk.list());
  }
  sync(file: string): Promise<void> {
    const { disk, settings } = this.process.machine;
    return this.submit('sync', file, 0, settings.diskSyncLatency, undefined, () => disk.sync(file));
  }

  private put<T>(
    what: string,
    file: string,
    { length }: Uint8Array,
    options: WriteOptions | undefined,
    write: (disk: DiskState) => T,
  ): Promise<T> {
    const { disk, settings } = this.process.machine;
    const { diskWriteLatency, diskSyncLatency } = settings;
    if (!options?.sync) return this.submit(what, file, length, diskWriteLatency, () => write(disk));
    const sync = (): undefined => {
      disk.sync(file);
    };
    return this.submit(what, file, length, diskWriteLatency + diskSyncLatency, () => write(disk), sync);
  }

  private submit<T>(
    what: string,
    file: string,
    bytes: number,
    latency: Nanos,
    atOnce: (() => T) | undefined,
    atEnd?: () => T | undefined,
  ): Promise<T> {
    const { process } = this;
    process.mustRun(`disk.${what}`);
    return new Promise((resolve, reject) => {
      process.emit(new DiskOperation(what, file, process, bytes, latency, atOnce, atEnd, resolve, reject));
    });
  }
}

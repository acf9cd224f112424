import type { Native, NativeRuntime } from '../contract/index.ts';
import { FilePort } from './file-port.ts';
import type { Process } from './process.ts';
import { StreamPort } from './tcp/port.ts';

/** What the runtime of an unmodified program sees of its machine. */
export class NativePort implements Native {
  readonly sockets: StreamPort;
  readonly files: FilePort;
  private readonly process: Process;

  constructor(process: Process) {
    this.process = process;
    this.sockets = new StreamPort(process);
    this.files = new FilePort(process);
  }

  host(runtime: NativeRuntime): void {
    this.process.mustRun('native.host');
    this.process.runtime = runtime;
  }

  exit(code: number): void {
    const { process } = this;
    process.mustRun('native.exit');
    if (process.alive) process.machine.exited(code);
  }
}

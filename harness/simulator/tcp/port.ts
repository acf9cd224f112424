import {
  AddressInUse,
  type Listening,
  type ListenOptions,
  type SocketEvents,
  type Sockets,
  type StreamSocket,
} from '../../contract/index.ts';
import type { Process } from '../process.ts';

/** Streams as one incarnation of a process sees them. */
export class StreamPort implements Sockets {
  private readonly process: Process;

  constructor(process: Process) {
    this.process = process;
  }

  addressOf(host: string): string | undefined {
    return this.process.machine.fabric.addresses.of(host);
  }

  hostAt(address: string): string | undefined {
    return address.startsWith('127.')
      ? this.process.name
      : this.process.machine.fabric.addresses.hostAt(address);
  }

  hostsOf(name: string): readonly string[] {
    return this.process.machine.fabric.addresses.hostsOf(name);
  }

  listen(port: number, accept: (socket: StreamSocket) => SocketEvents, options?: ListenOptions): Listening {
    const { process } = this;
    process.mustRun('native.sockets.listen');
    const { streams } = process.machine;
    if (streams.listens(port)) throw new AddressInUse(port);
    const taken = port === 0 ? streams.freePort() : port;
    const listener = streams.listen(taken, process, accept, options?.loopback ?? false);
    return {
      port: taken,
      close() {
        process.mustRun('native.sockets: close');
        streams.unlisten(taken, listener);
      },
    };
  }

  connect(host: string, port: number, events: SocketEvents): StreamSocket {
    const { process } = this;
    process.mustRun('native.sockets.connect');
    const { machine } = process;
    return machine.streams.connect(process, machine.fabric.indexOf(host), port, events);
  }
}

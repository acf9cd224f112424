import { connect, type Socket } from 'node:net';
import { fromBytes, toBytes } from '../protocol/bytes.ts';

/** A connection to a server under comparison: what came on it and was not yet taken. */
export interface Wire {
  send(text: string): void;
  received: string;
  close(): void;
  /** Resolves when something comes. */
  more(): Promise<void>;
}

/** Somewhere to connect to. */
export interface Target {
  open(): Promise<Wire>;
}

class SocketWire implements Wire {
  received = '';
  private readonly socket: Socket;
  private wake: () => void = () => {};
  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.received += fromBytes(bytes);
      this.wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => this.wake());
  }
  send(text: string): void {
    this.socket.write(toBytes(text));
  }
  close(): void {
    this.socket.destroy();
  }
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

export function overSocket(options: { readonly path: string } | { readonly port: number }): Target {
  return {
    open: () =>
      new Promise((resolve, reject) => {
        const socket = connect(options);
        socket.once('connect', () => resolve(new SocketWire(socket)));
        socket.once('error', reject);
      }),
  };
}

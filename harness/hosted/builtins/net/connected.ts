import { Duplex } from 'node:stream';
import type { StreamSocket } from '../../../contract/index.ts';
import type { BuiltinContext } from '../context.ts';
import { adoptable } from '../legacy-class.ts';
import { addressSeen } from './place.ts';

// A program sees these objects, and gives them properties of its own: besides Node's own names there are none but by these.
export const CONTEXT = Symbol('context');
export const STREAM = Symbol('stream');
export const DIALLED = Symbol('dialled');

/** Stands for the handle of a system's socket: programs look whether it is there. */
export class Handle {
  reading = false;
  getAsyncId(): number {
    return 0;
  }
}

interface AddressInfo {
  readonly address: string;
  readonly family: 'IPv4';
  readonly port: number;
}

const NO_ADDRESS: { readonly [key in keyof AddressInfo]?: undefined } = {};

/** What a program reads off a socket: its state, and both addresses. */
export abstract class ConnectedDuplex extends adoptable(Duplex) {
  abstract readonly [CONTEXT]: BuiltinContext;
  connecting = false;
  _handle: Handle | null = null;
  [STREAM]: StreamSocket | undefined;
  /** The address that was called; undefined for a socket that was accepted. */
  [DIALLED]: string | undefined;
  #peer: AddressInfo | undefined;

  get pending(): boolean {
    return this._handle === null || this.connecting;
  }

  get _connecting(): boolean {
    return this.connecting;
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  get bufferSize(): number | undefined {
    return this._handle === null ? undefined : this.writableLength;
  }

  address(): AddressInfo | typeof NO_ADDRESS {
    return this._getsockname();
  }

  /** Known while it is connected. */
  _getsockname(): AddressInfo | typeof NO_ADDRESS {
    const { [STREAM]: stream, [CONTEXT]: context, [DIALLED]: dialled } = this;
    if (this._handle === null || stream === undefined || this.connecting) return NO_ADDRESS;
    const { host } = context;
    const loopback = dialled?.startsWith('127.') || dialled === 'localhost';
    const address = loopback
      ? dialled!
      : stream.remote.host === host.name && dialled === undefined
        ? '127.0.0.1'
        : context.native.sockets.addressOf(host.name)!;
    return { address, family: 'IPv4', port: stream.local.port };
  }

  /** Known while it is connected, and afterwards if somebody has asked before. */
  _getpeername(): AddressInfo | typeof NO_ADDRESS {
    const { [STREAM]: stream, [CONTEXT]: context, [DIALLED]: dialled } = this;
    if (this.#peer !== undefined) return this.#peer;
    if (this._handle === null || stream === undefined || this.connecting) return NO_ADDRESS;
    const { host, port } = stream.remote;
    const address = dialled ?? addressSeen(host, context.host.name, context.native.sockets);
    this.#peer = { address, family: 'IPv4', port };
    return this.#peer;
  }

  get remoteAddress(): string | undefined {
    return this._getpeername().address;
  }
  get remoteFamily(): string | undefined {
    return this._getpeername().family;
  }
  get remotePort(): number | undefined {
    return this._getpeername().port;
  }
  get localAddress(): string | undefined {
    return this._getsockname().address;
  }
  get localFamily(): string | undefined {
    return this._getsockname().family;
  }
  get localPort(): number | undefined {
    return this._getsockname().port;
  }
}

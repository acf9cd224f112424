import { Duplex } from 'node:stream';
import type { SocketEvents, SocketFailure, StreamSocket } from '../../../contract/index.ts';
import type { InUse } from '../context.ts';
import { addressError, nodeError, systemError } from '../errors.ts';
import {
  type Callback,
  checkedPort,
  invalidType,
  normalized,
  type Options,
  refusePipes,
} from './arguments.ts';
import { CONTEXT, ConnectedDuplex, DIALLED, Handle, STREAM } from './connected.ts';
import { resolved } from './lookup.ts';
import { abortBy, checkOptions, checkTimeout } from './options.ts';
import { placeOf } from './place.ts';
import type { ServerBase } from './server.ts';
import { IdleTimeout } from './timeout.ts';

/** Idle time after which Linux asks a peer, where a program enables keep-alive and names no time. */
const KEEP_ALIVE_SECONDS = 7200;
const LONGEST_TIMEOUT = 2 ** 31 - 1;

type Done = (error?: Error | null) => void;
type Chunk = { readonly chunk: Buffer | string; readonly encoding: BufferEncoding };

export interface SocketOptions {
  readonly allowHalfOpen?: boolean;
  readonly signal?: AbortSignal | null;
  readonly highWaterMark?: number;
  readonly keepAlive?: boolean;
  readonly keepAliveInitialDelay?: number;
  readonly pauseOnCreate?: boolean;
  readonly [option: string]: unknown;
}

/**
 * `net.Socket` on the simulated kernel's streams, with the order of events, the properties and the errors of Node's own (lib/net.js and
 * lib/internal/stream_base_commons.js).
 */
export abstract class SocketBase extends ConnectedDuplex {
  timeout: number | undefined;
  server: ServerBase | null = null;
  _server: ServerBase | null = null;
  _host: string | null = null;
  _closeAfterHandlingError = false;
  resetAndClosing = false;
  bytesRead = 0;
  _bytesDispatched = 0;
  autoSelectFamilyAttemptedAddresses: string[] | undefined;
  /** Put there by Node's `http`. */
  declare parser?: InUse['parser'];
  #idle: IdleTimeout | undefined;
  #keepsAlive: boolean;
  #keepAliveSeconds: number;
  /** What `_write` handed over while there was no connection, for `bytesWritten`. */
  #pendingBytes = 0;
  /** Waits for room in the send buffer. */
  #written: Done | undefined;

  constructor(options?: SocketOptions) {
    super({
      ...options,
      allowHalfOpen: Boolean(options?.allowHalfOpen),
      emitClose: false,
      autoDestroy: true,
      decodeStrings: false,
      signal: undefined,
    });
    checkOptions(options);
    this.#keepsAlive = Boolean(options?.keepAlive);
    this.#keepAliveSeconds = Math.max(0, Math.trunc((options?.keepAliveInitialDelay ?? 0) / 1000));
    this.on('end', () => {
      if (!this.allowHalfOpen) this.write = this.#writeAfterEnd;
    });
    const { signal } = options ?? {};
    if (signal) abortBy(this, signal);
  }

  // ---- calling and being called ----

  connect(...parameters: unknown[]): this {
    const given = parameters[0];
    const [options, callback] = Array.isArray(given) ? normalized(given) : normalized(parameters);
    if (callback !== null) this.once('connect', callback);
    if (options.port === undefined && (options.path === undefined || options.path === null)) {
      throw nodeError(
        'ERR_MISSING_ARGS',
        'The "options" or "port" or "path" argument must be specified',
        TypeError,
      );
    }
    if (options.path) refusePipes(options.path);
    if (this.write === this.#writeAfterEnd) Reflect.deleteProperty(this, 'write');
    this._handle ??= new Handle();
    this[CONTEXT].sockets.add(this);
    this.#idle?.refresh();
    this.connecting = true;
    this.#dial(options);
    return this;
  }

  #dial(options: Options): void {
    const { host = 'localhost', port, localAddress, localPort } = options;
    if (localAddress !== undefined && localAddress !== null && typeof localAddress !== 'string')
      throw invalidType('options.localAddress', 'of type string', localAddress);
    if (localPort !== undefined && typeof localPort !== 'number')
      throw invalidType('options.localPort', 'of type number', localPort);
    if (typeof port !== 'number' && typeof port !== 'string')
      throw invalidType('options.port', 'one of type number or string', port);
    const to = checkedPort(port, 'Port');
    const name = typeof host === 'string' && host !== '' ? host : 'localhost';
    this._host = name;
    resolved(this[CONTEXT], this, name, options, (error, address) => {
      if (!this.connecting) return;
      if (error !== null) this.destroy(error);
      else this.#call(address, to);
    });
  }

  #call(address: string, port: number): void {
    const context = this[CONTEXT];
    const { sockets } = context.native;
    const place = placeOf(address, context.host.name, sockets);
    this.autoSelectFamilyAttemptedAddresses = [`${address}:${port}`];
    if (place === undefined) {
      // As from a network without a way out.
      context.log('warn', `connect to ${address}:${port}: no host of the simulated network has this address`);
      this.destroy(addressError('ENETUNREACH', 'connect', address, port));
      return;
    }
    this[DIALLED] = address;
    this.#attach(sockets.connect(place.host, port, this.#heard()));
  }

  #attach(stream: StreamSocket): void {
    this[STREAM] = stream;
    stream.pause();
    if (this.#keepsAlive) stream.keepAlive((this.#keepAliveSeconds || KEEP_ALIVE_SECONDS) * 1e9);
  }

  /** A server hands over what it accepted. */
  _accepted(stream: StreamSocket, pauseOnCreate: boolean): SocketEvents {
    this._handle = new Handle();
    this[CONTEXT].sockets.add(this);
    this.#attach(stream);
    if (pauseOnCreate) this.pause();
    else this.read(0);
    return this.#heard();
  }

  /** What the kernel tells, in the async context of now. */
  #heard(): SocketEvents {
    const context = this[CONTEXT];
    return {
      opened: context.bind(() => this.#connected()),
      data: context.bind((bytes: Uint8Array) => this.#arrived(bytes)),
      ended: context.bind(() => this.#peerEnded()),
      drained: context.bind(() => this.#drainedNow()),
      closed: context.bind((failure?: SocketFailure) => this.#broken(failure)),
    };
  }

  #connected(): void {
    if (this.destroyed) return;
    this.connecting = false;
    this.#idle?.refresh();
    this.emit('connect');
    this.emit('ready');
    if (!this.isPaused()) this.read(0);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.destroyed) return;
    this.#idle?.refresh();
    this.bytesRead += bytes.length;
    if (this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) return;
    this._handle!.reading = false;
    this[STREAM]!.pause();
  }

  #peerEnded(): void {
    if (this.destroyed) return;
    this.#idle?.refresh();
    this.push(null);
    this.read(0);
  }

  #drainedNow(): void {
    const written = this.#written;
    this.#written = undefined;
    this.#idle?.refresh();
    written?.();
  }

  #broken(failure: SocketFailure | undefined): void {
    if (failure === undefined || this.destroyed) return;
    if (this.connecting) {
      const { port } = this[STREAM]!.remote;
      this.destroy(addressError(failure, 'connect', this[DIALLED]!, port));
      return;
    }
    const written = this.#written;
    if (written === undefined) {
      this.destroy(systemError(failure, 'read'));
      return;
    }
    this.#written = undefined;
    const error = systemError(failure, 'write');
    written(error);
    this.destroy(error);
  }

  // ---- what a Duplex asks for ----

  override _read(size: number): void {
    if (this.connecting || this._handle === null) {
      this.once('connect', () => this._read(size));
    } else if (!this._handle.reading) {
      this._handle.reading = true;
      this[STREAM]!.resume();
    }
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: Done): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    this.#put([bytes], bytes.length, done);
  }

  override _writev(chunks: Chunk[], done: Done): void {
    let length = 0;
    const all = chunks.map(({ chunk, encoding }) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
      length += bytes.length;
      return bytes;
    });
    this.#put(all, length, done);
  }

  #put(chunks: readonly Buffer[], length: number, done: Done): void {
    if (this.connecting) {
      this.#pendingBytes = length;
      const closed = (): void => {
        done(
          nodeError(
            'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
            'Socket closed before the connection was established',
          ),
        );
      };
      this.once('connect', () => {
        this.off('close', closed);
        this.#put(chunks, length, done);
      });
      this.once('close', closed);
      return;
    }
    this.#pendingBytes = 0;
    if (this._handle === null) {
      done(nodeError('ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    this.#idle?.refresh();
    this._bytesDispatched += length;
    let room = true;
    for (const bytes of chunks) room = this[STREAM]!.write(bytes);
    if (room) done();
    else this.#written = done;
  }

  override _final(done: Done): void {
    if (this.pending) {
      this.once('connect', () => this._final(done));
    } else if (this._handle === null) {
      done();
    } else {
      this[STREAM]!.end();
      this[CONTEXT].tick(done);
    }
  }

  override _destroy(error: Error | null, done: Done): void {
    this.connecting = false;
    this.#idle?.clear();
    const context = this[CONTEXT];
    if (this._handle === null) {
      done(error);
      context.tick(() => this.emit('close'));
    } else {
      const close = (): void => {
        if (this.resetAndClosing) this[STREAM]?.reset();
        else this[STREAM]?.close();
        this.resetAndClosing = false;
        this._handle = null;
        context.later(0, () => {
          context.sockets.delete(this);
          this.emit('close', Boolean(error));
        });
      };
      // The one who hears of the error may want to look at the handle.
      if (this._closeAfterHandlingError) context.tick(close);
      else close();
      done(error);
    }
    if (this._server !== null) this._server._gone();
  }

  /** The peer ended: this side may write until it ends too. */
  readonly #writeAfterEnd: Duplex['write'] = (
    chunk: unknown,
    given?: unknown,
    callback?: unknown,
  ): boolean => {
    const { write } = Duplex.prototype;
    if (!this.writableEnded) return write.call(this, chunk, given as BufferEncoding, callback as Done);
    const done = typeof given === 'function' ? given : callback;
    const error = Object.assign(new Error('This socket has been ended by the other party'), {
      code: 'EPIPE',
    });
    if (typeof done === 'function') this[CONTEXT].tick(() => done(error));
    this.destroy(error);
    return false;
  };

  // ---- what a program sets ----

  setTimeout(delay: number, callback?: Callback): this {
    if (this.destroyed) return this;
    this.timeout = delay;
    checkTimeout(delay, callback);
    this.#idle ??= new IdleTimeout(this[CONTEXT], () => this._onTimeout());
    this.#idle.set(Math.min(Math.trunc(delay), LONGEST_TIMEOUT) * 1e6);
    if (callback !== undefined) {
      if (delay === 0) this.removeListener('timeout', callback);
      else this.once('timeout', callback);
    }
    return this;
  }

  _onTimeout(): void {
    this.emit('timeout');
  }

  _unrefTimer(): void {
    this.#idle?.refresh();
  }

  setNoDelay(_enable?: boolean): this {
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelay = 0): this {
    this.#keepsAlive = Boolean(enable);
    this.#keepAliveSeconds = Math.max(0, Math.trunc(initialDelay / 1000));
    if (this._handle !== null)
      this[STREAM]?.keepAlive(this.#keepsAlive ? (this.#keepAliveSeconds || KEEP_ALIVE_SECONDS) * 1e9 : 0);
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    if (this._handle === null) {
      this.destroy(nodeError('ERR_SOCKET_CLOSED', 'Socket is closed'));
    } else if (this.connecting) {
      this.once('connect', () => this._reset());
    } else {
      this._reset();
    }
    return this;
  }

  _reset(): this {
    this.resetAndClosing = true;
    return this.destroy();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  // ---- what a program reads ----

  get bytesWritten(): number {
    const { writableBuffer } = this as { readonly writableBuffer?: readonly Chunk[] };
    let bytes = this._bytesDispatched + this.#pendingBytes;
    for (const { chunk, encoding } of writableBuffer ?? [])
      bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
    return bytes;
  }
}

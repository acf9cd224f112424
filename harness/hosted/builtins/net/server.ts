import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import type { Listening, SocketEvents, StreamSocket } from '../../../contract/index.ts';
import type { BuiltinContext } from '../context.ts';
import { nodeError, systemError, textOf } from '../errors.ts';
import { adoptable } from '../legacy-class.ts';
import { type Callback, checkedPort, normalized, type Options, received, refusePipes } from './arguments.ts';
import { CONTEXT } from './connected.ts';
import { resolved } from './lookup.ts';
import { addressSeen, placeOf } from './place.ts';
import type { SocketBase, SocketOptions } from './socket.ts';

export interface ServerOptions extends SocketOptions {
  readonly pauseOnConnect?: boolean;
  readonly noDelay?: boolean;
}

const DEAF: SocketEvents = { data() {}, ended() {}, drained() {}, closed() {} };

/** Where a server listens when it names no address. Simulated machines have no IPv6. */
const ANY = '0.0.0.0';

/** `net.Server` on the simulated kernel's listening ports, with Node's events and errors (lib/net.js). */
export abstract class ServerBase extends adoptable(EventEmitter) {
  abstract readonly [CONTEXT]: BuiltinContext;
  abstract readonly _Socket: new (
    options?: SocketOptions,
  ) => SocketBase;
  allowHalfOpen: boolean;
  pauseOnConnect: boolean;
  maxConnections: number | undefined;
  _connections = 0;
  _handle: Listening | null = null;
  readonly #options: ServerOptions;
  #listensAt = ANY;
  /** Each call of `listen` and `close` makes the names that an earlier one looks up meaningless. */
  #turn = 0;

  constructor(options?: ServerOptions | Callback | null, onConnection?: Callback) {
    super();
    if (typeof options === 'function') {
      this.#options = {};
      this.on('connection', options);
    } else if (options === null || options === undefined || typeof options === 'object') {
      this.#options = { ...options };
      if (typeof onConnection === 'function') this.on('connection', onConnection);
    } else {
      throw nodeError(
        'ERR_INVALID_ARG_TYPE',
        `The "options" argument must be of type object. Received ${received(options)}`,
        TypeError,
      );
    }
    this.allowHalfOpen = this.#options.allowHalfOpen || false;
    this.pauseOnConnect = Boolean(this.#options.pauseOnConnect);
  }

  listen(...parameters: unknown[]): this {
    const [options, callback] = normalized(parameters);
    if (this._handle !== null) {
      throw nodeError(
        'ERR_SERVER_ALREADY_LISTEN',
        'Listen method has been called more than once without closing.',
      );
    }
    if (callback !== null) this.once('listening', callback);
    this.#turn++;
    if (options.fd !== undefined || options._handle !== undefined || options.handle !== undefined) {
      throw nodeError(
        'ERR_INVALID_HANDLE_TYPE',
        'This handle type cannot be sent: handles are not simulated',
        TypeError,
      );
    }
    closeBy(this, options.signal);
    const anyPort =
      parameters.length === 0 ||
      typeof parameters[0] === 'function' ||
      (options.port === undefined && 'port' in options) ||
      options.port === null;
    const port = anyPort ? 0 : options.port;
    if (typeof port === 'number' || typeof port === 'string') {
      this.#listenAt(checkedPort(port, 'options.port'), options);
      return this;
    }
    if (options.path) refusePipes(options.path);
    throw nodeError(
      'ERR_INVALID_ARG_VALUE',
      `The argument 'options' must have the property "port" or "path". Received ${inspect(options)}`,
      TypeError,
    );
  }

  #listenAt(port: number, options: Options): void {
    const { host } = options;
    const turn = this.#turn;
    if (typeof host !== 'string' || host === '') {
      this.#bind(port, ANY);
      return;
    }
    const quiet = { emit: () => false, connecting: true };
    resolved(this[CONTEXT], quiet, host, {}, (error, address) => {
      if (turn !== this.#turn) return;
      if (error !== null) this.emit('error', error);
      else this.#bind(port, address);
    });
  }

  #bind(port: number, address: string): void {
    const context = this[CONTEXT];
    const { host, native } = context;
    const place = placeOf(address, host.name, native.sockets);
    if (place?.host !== host.name) {
      this.#failed('EADDRNOTAVAIL', address, port);
      return;
    }
    const loopback = place.loopback && address !== ANY && address !== '::';
    let events: SocketEvents = DEAF;
    const taken = context.bind((stream: StreamSocket) => {
      events = this.#accept(stream);
    });
    const accept = (stream: StreamSocket): SocketEvents => {
      taken(stream);
      return events;
    };
    try {
      this._handle = native.sockets.listen(port, accept, { loopback });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'address-in-use') throw error;
      this.#failed('EADDRINUSE', address, port);
      return;
    }
    this.#listensAt = address;
    context.tick(() => {
      // It may have been closed meanwhile.
      if (this._handle !== null) this.emit('listening');
    });
  }

  #failed(code: string, address: string, port: number): void {
    const error = systemError(code, 'listen', `listen ${code}: ${textOf(code)} ${address}:${port}`);
    this[CONTEXT].tick(() => this.emit('error', Object.assign(error, { address, port })));
  }

  #accept(stream: StreamSocket): SocketEvents {
    const context = this[CONTEXT];
    const options = this.#options;
    const { sockets } = context.native;
    if (this.maxConnections !== undefined && this._connections >= this.maxConnections) {
      stream.close();
      const own = context.host.name;
      this.emit('drop', {
        localAddress: addressSeen(own, own, sockets),
        localPort: stream.local.port,
        localFamily: 'IPv4',
        remoteAddress: addressSeen(stream.remote.host, own, sockets),
        remotePort: stream.remote.port,
        remoteFamily: 'IPv4',
      });
      return DEAF;
    }
    const socket = new this._Socket({
      allowHalfOpen: this.allowHalfOpen,
      highWaterMark: options.highWaterMark,
      keepAlive: options.keepAlive,
      keepAliveInitialDelay: options.keepAliveInitialDelay,
    });
    this._connections++;
    socket.server = this;
    socket._server = this;
    const events = socket._accepted(stream, this.pauseOnConnect);
    try {
      this.emit('connection', socket);
    } catch (error) {
      // Uncaught; but if the program lives on, so does the socket.
      context.tick(() => {
        throw error;
      });
    }
    return events;
  }

  close(callback?: Callback): this {
    this.#turn++;
    if (typeof callback === 'function') {
      if (this._handle !== null) {
        this.once('close', callback);
      } else {
        this.once('close', () => callback(nodeError('ERR_SERVER_NOT_RUNNING', 'Server is not running.')));
      }
    }
    this._handle?.close();
    this._handle = null;
    this._emitCloseIfDrained();
    return this;
  }

  /** One of its sockets is closed. */
  _gone(): void {
    this._connections--;
    this._emitCloseIfDrained();
  }

  _emitCloseIfDrained(): void {
    if (this._handle !== null || this._connections > 0) return;
    this[CONTEXT].tick(() => this.emit('close'));
  }

  get listening(): boolean {
    return this._handle !== null;
  }

  address(): { readonly address: string; readonly family: string; readonly port: number } | null {
    const { _handle: handle } = this;
    const listensAt = this.#listensAt;
    if (handle === null) return null;
    return { address: listensAt, family: listensAt.includes(':') ? 'IPv6' : 'IPv4', port: handle.port };
  }

  getConnections(callback: (error: null, connections: number) => void): this {
    const { _connections: connections } = this;
    this[CONTEXT].tick(() => callback(null, connections));
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this._handle === null) return;
    await new this[CONTEXT].Promise<void>((resolve, reject) => {
      this.close((error) => (error instanceof Error ? reject(error) : resolve()));
    });
  }
}

function closeBy(server: ServerBase, signal: unknown): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) {
    throw nodeError(
      'ERR_INVALID_ARG_TYPE',
      `The "options.signal" property must be an instance of AbortSignal. Received ${received(signal)}`,
      TypeError,
    );
  }
  const close = (): void => {
    server.close();
  };
  if (signal.aborted) {
    server[CONTEXT].tick(close);
    return;
  }
  signal.addEventListener('abort', close);
  server.once('close', () => signal.removeEventListener('abort', close));
}

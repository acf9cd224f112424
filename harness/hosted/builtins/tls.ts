import type * as net from 'node:net';
import { Duplex } from 'node:stream';
import * as realTls from 'node:tls';
import type { BuiltinContext } from './context.ts';

/**
 * `tls` without encryption: the bytes travel as they are. Handshake, certificates and their errors are not simulated, and the run's log says so once.
 * What it is good for: programs that insist on TLS find their peers, meet resets and time-outs.
 */
export function tls(context: BuiltinContext): object {
  const sockets = context.require('net') as typeof net;
  let said = false;
  const say = (): void => {
    if (!said) context.log('warn', 'tls is simulated in plain text: no handshake, no certificates');
    said = true;
  };
  const secured = <Socket extends net.Socket>(socket: Socket): Socket =>
    Object.assign(socket, {
      encrypted: true,
      authorized: true,
      authorizationError: null,
      alpnProtocol: false,
      getPeerCertificate: () => ({}),
      getCertificate: () => ({}),
      getCipher: () => ({ name: 'none', standardName: 'none', version: 'none' }),
      getProtocol: () => 'none',
      getSession: () => undefined,
      getFinished: () => undefined,
      isSessionReused: () => false,
      setServername() {},
      setMaxSendFragment: () => true,
      disableRenegotiation() {},
      // got looks for what Node wraps streams in that are no sockets.
      ...(!(socket instanceof sockets.Socket) && { _handle: { _parentWrap: {} } }),
    });
  /** Around a connection that is there already it is that connection; without one, a new socket. */
  class TLSSocket extends sockets.Socket {
    constructor(socket?: Duplex, options?: object) {
      super(socket instanceof Duplex ? {} : options);
      if (!(socket instanceof Duplex)) secured(this);
      // biome-ignore lint/correctness/noConstructorReturn: there is no layer in between.
      else return secured(socket as net.Socket) as this;
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Duplex && (value as { readonly encrypted?: unknown }).encrypted === true;
    }
  }
  interface ConnectOptions {
    readonly socket?: net.Socket;
  }
  const connect = (...parameters: unknown[]): net.Socket => {
    say();
    const callback = parameters.at(-1);
    const options = parameters.find((parameter) => typeof parameter === 'object') as
      | ConnectOptions
      | undefined;
    if (options?.socket !== undefined) {
      const socket = secured(options.socket);
      context.tick(() => socket.emit('secureConnect'));
      if (typeof callback === 'function') socket.once('secureConnect', callback as () => void);
      return socket;
    }
    const plain = typeof callback === 'function' ? parameters.slice(0, -1) : parameters;
    const socket = secured((sockets.connect as (...parameters: unknown[]) => net.Socket)(...plain));
    socket.once('connect', () => socket.emit('secureConnect'));
    if (typeof callback === 'function') socket.once('secureConnect', callback as () => void);
    return socket;
  };
  class Server extends sockets.Server {
    constructor(options?: unknown, listener?: (socket: net.Socket) => void) {
      super(typeof options === 'object' && options !== null ? { allowHalfOpen: false } : {});
      say();
      const handler = typeof options === 'function' ? (options as (socket: net.Socket) => void) : listener;
      this.on('connection', (socket: net.Socket) => this.emit('secureConnection', secured(socket)));
      if (handler !== undefined) this.on('secureConnection', handler);
    }
    setSecureContext(): void {}
    addContext(): void {}
  }
  return {
    connect,
    Server,
    createServer: (options?: unknown, listener?: (socket: net.Socket) => void) =>
      new Server(options, listener),
    TLSSocket,
    createSecureContext: () => ({}),
    checkServerIdentity: () => undefined,
    getCiphers: () => [...realTls.getCiphers()],
    rootCertificates: [],
    DEFAULT_MIN_VERSION: 'TLSv1.2',
    DEFAULT_MAX_VERSION: 'TLSv1.3',
    DEFAULT_ECDH_CURVE: 'auto',
    DEFAULT_CIPHERS: '',
  };
}

/** `https`: `http` over that `tls`, with its own default port. */
export function https(context: BuiltinContext): object {
  const plain = context.require('http') as typeof import('node:http');
  const secure = context.require('tls') as { connect(...parameters: unknown[]): net.Socket };
  class Agent extends plain.Agent {
    readonly defaultPort = 443;
    readonly protocol = 'https:';
  }
  Object.assign(Agent.prototype, { createConnection: secure.connect });
  const globalAgent = new Agent({ keepAlive: true, timeout: 5000 });
  const request = (input: unknown, options?: unknown, callback?: unknown): unknown => {
    const make = plain.request as (...parameters: unknown[]) => unknown;
    const own = { agent: globalAgent, _defaultAgent: globalAgent };
    if (typeof options === 'function') [options, callback] = [undefined, options];
    if (typeof input === 'string' || input instanceof URL)
      return make(input, { ...own, ...(options as object) }, callback);
    return make({ ...own, ...(input as object) }, callback);
  };
  return {
    Agent,
    globalAgent,
    Server: plain.Server,
    createServer: (...parameters: unknown[]) => {
      const given = parameters.find((parameter) => typeof parameter === 'function');
      return given === undefined ? plain.createServer() : plain.createServer(given as () => void);
    },
    request,
    get(...parameters: [unknown, unknown?, unknown?]) {
      const made = request(...parameters) as { end(): void };
      made.end();
      return made;
    },
  };
}

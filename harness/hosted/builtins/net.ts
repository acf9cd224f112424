import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { BuiltinContext } from './context.ts';
import { callable } from './legacy-class.ts';
import { type Callback, normalized } from './net/arguments.ts';
import { CONTEXT } from './net/connected.ts';
import { ServerBase, type ServerOptions } from './net/server.ts';
import { SocketBase, type SocketOptions } from './net/socket.ts';

type SocketClass = new (options?: SocketOptions) => SocketBase;
type ServerClass = new (options?: ServerOptions | Callback, onConnection?: Callback) => ServerBase;

/** What other builtins take of it: http, RESP, ... */
export interface Net {
  readonly Socket: SocketClass;
  readonly Server: ServerClass;
  connect(...parameters: unknown[]): SocketBase;
  createConnection(...parameters: unknown[]): SocketBase;
  createServer(options?: ServerOptions | Callback, onConnection?: Callback): ServerBase;
  readonly [name: string]: unknown;
}

/** `require('node:net')` of one incarnation. */
export function createNet(context: BuiltinContext): Net {
  class HostedSocket extends SocketBase {
    get [CONTEXT](): BuiltinContext {
      return context;
    }
  }
  class HostedServer extends ServerBase {
    get [CONTEXT](): BuiltinContext {
      return context;
    }
    get _Socket() {
      return HostedSocket;
    }
  }
  const Socket: SocketClass = callable(HostedSocket, 'Socket');
  const Server: ServerClass = callable(HostedServer, 'Server');

  const connect = (...parameters: unknown[]): SocketBase => {
    const [options, callback] = normalized(Array.isArray(parameters[0]) ? parameters[0] : parameters);
    const socket = new Socket(options as SocketOptions);
    if (typeof options.timeout === 'number' && options.timeout > 0) socket.setTimeout(options.timeout);
    return callback === null ? socket.connect(options) : socket.connect(options, callback);
  };
  let selects = true;
  let attemptTimeout = 250;
  return {
    Socket,
    Stream: Socket,
    Server,
    createServer: (options?: ServerOptions | Callback, onConnection?: Callback) =>
      new Server(options, onConnection),
    connect,
    createConnection: connect,
    isIP,
    isIPv4,
    isIPv6,
    BlockList,
    SocketAddress,
    _normalizeArgs: (parameters: unknown[]) => [...normalized(parameters)],
    // There is one family of addresses, so nothing to select from: accepted as Node accepts them.
    getDefaultAutoSelectFamily: () => selects,
    setDefaultAutoSelectFamily(value: boolean): void {
      selects = value;
    },
    getDefaultAutoSelectFamilyAttemptTimeout: () => attemptTimeout,
    setDefaultAutoSelectFamilyAttemptTimeout(value: number): void {
      attemptTimeout = Math.max(10, value);
    },
  };
}

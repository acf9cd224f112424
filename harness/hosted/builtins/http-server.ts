import type { IncomingMessage, Server as RealServer, ServerResponse } from 'node:http';
import type * as net from 'node:net';
import { MILLISECOND, type Timer } from '../../contract/index.ts';
import type { BuiltinContext } from './context.ts';

const ATTACHED = Symbol('sockets of an http server');

interface Connection {
  /** Requests that are not yet answered. */
  open: number;
  /** Waits for the header of the first or next request, or for its body. */
  deadline: Timer | undefined;
}

type Attached = net.Server & { [ATTACHED]: HttpServerSockets };

/**
 * What an HTTP server listens with. Node's own server class believes that it listens itself: here a server of the simulated network does, and hands over its sockets.
 * The limits on the time that a request may take are kept by the host's clock, instead of by a real interval.
 */
export class HttpServerSockets {
  private readonly server: RealServer;
  private readonly context: BuiltinContext;
  private readonly listener: net.Server;
  private readonly connections = new Map<net.Socket, Connection>();

  /** Gives a server that was just made its sockets. */
  static attach(made: net.Server, context: BuiltinContext, sockets: typeof net): void {
    Object.defineProperty(made, ATTACHED, {
      value: new HttpServerSockets(made as RealServer, context, sockets),
    });
  }

  /** Methods of all servers. */
  static methods(prototype: object): void {
    const of = (server: unknown): HttpServerSockets => (server as Attached)[ATTACHED];
    Object.assign(prototype, {
      listen(this: net.Server, ...parameters: unknown[]) {
        of(this).listen(parameters);
        return this;
      },
      close(this: net.Server, callback?: (error?: Error) => void) {
        of(this).close(callback);
        return this;
      },
      closeIdleConnections(this: net.Server) {
        of(this).closeConnections(({ open }) => open === 0);
      },
      closeAllConnections(this: net.Server) {
        of(this).closeConnections(() => true);
      },
      address(this: net.Server) {
        return of(this).listener.address();
      },
      getConnections(this: net.Server, callback: (error: Error | null, count: number) => void) {
        of(this).listener.getConnections(callback);
        return this;
      },
      ref(this: net.Server) {
        return this;
      },
      unref(this: net.Server) {
        return this;
      },
    });
    Object.defineProperty(prototype, 'listening', {
      get(this: net.Server) {
        return (this as Partial<Attached>)[ATTACHED]?.listener.listening ?? false;
      },
      set() {},
      configurable: true,
    });
  }

  private constructor(server: RealServer, context: BuiltinContext, sockets: typeof net) {
    this.server = server;
    this.context = context;
    // It would start a real interval, which looks for requests that take too long.
    server.removeAllListeners('listening');
    this.listener = new sockets.Server({ allowHalfOpen: true, noDelay: true });
    this.listener.on('listening', () => server.emit('listening'));
    this.listener.on('close', () => server.emit('close'));
    this.listener.on('error', (error) => server.emit('error', error));
    this.listener.on('connection', (socket: net.Socket) => {
      Object.defineProperty(socket, 'server', { value: server, writable: true, configurable: true });
      this.accept(socket);
      server.emit('connection', socket);
    });
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.began(request, response),
    );
  }

  private listen(parameters: unknown[]): void {
    const last = parameters.at(-1);
    if (typeof last === 'function') {
      this.server.once('listening', last as () => void);
      parameters = parameters.slice(0, -1);
    }
    (this.listener.listen as (...parameters: unknown[]) => void)(...parameters);
  }

  private close(callback?: (error?: Error) => void): void {
    this.listener.close(callback);
    this.closeConnections(({ open }) => open === 0);
  }

  private closeConnections(which: (connection: Connection) => boolean): void {
    for (const [socket, connection] of this.connections) {
      if (!isUpgraded(socket) && which(connection)) socket.destroy();
    }
  }

  private accept(socket: net.Socket): void {
    const connection: Connection = { open: 0, deadline: undefined };
    this.connections.set(socket, connection);
    this.expect(socket, connection, this.server.headersTimeout);
    socket.once('close', () => {
      connection.deadline?.cancel();
      this.connections.delete(socket);
    });
  }

  /** Answers 408 and closes, as Node does, if the rest of the request does not come in time. */
  private expect(socket: net.Socket, connection: Connection, milliseconds: number): void {
    connection.deadline?.cancel();
    connection.deadline = undefined;
    if (milliseconds <= 0) return;
    connection.deadline = this.context.later(milliseconds * MILLISECOND, () => {
      if (isUpgraded(socket)) return;
      const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      if (this.server.emit('clientError', error, socket)) return;
      if (socket.writable) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      socket.destroy(error);
    });
  }

  private began(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.connections.get(socket);
    if (connection === undefined) return;
    connection.open++;
    this.expect(socket, connection, request.complete ? 0 : this.server.requestTimeout);
    request.once('end', () => this.expect(socket, connection, 0));
    response.once('close', () => {
      connection.open--;
      // As Node's: after `close` of the server no connection waits for another request.
      if (connection.open === 0 && !this.listener.listening) socket.end();
    });
  }
}

/** A WebSocket, say: the parser of requests has let go of it, and what becomes of it is no business of the server. */
function isUpgraded(socket: net.Socket): boolean {
  return !(socket as { readonly parser?: unknown }).parser;
}

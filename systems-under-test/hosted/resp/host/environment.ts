import { type Host, MILLISECOND, type Native } from '../../../../harness/contract/index.ts';
import type { Environment, Link, LinkEvents } from '../environment.ts';
import type { ServerConnection } from '../server.ts';

/** What takes connections: a server or a sentinel. */
export interface Connectable {
  connect(peer: { write(bytes: Uint8Array): void; end(): void; address: string }): ServerConnection;
}

function dial(host: Host, native: Native, to: string, port: number, events: LinkEvents): Link {
  const name = native.sockets.hostAt(to) ?? to;
  if (native.sockets.addressOf(name) === undefined) {
    // Nobody of this name: told later, as all news of a connection are.
    host.after(0, () => events.closed());
    return { write: () => {}, close: () => {} };
  }
  const socket = native.sockets.connect(name, port, {
    opened: () => events.opened(),
    data: (bytes) => events.received(bytes),
    ended: () => {
      socket.close();
      events.closed();
    },
    drained: () => {},
    closed: () => events.closed(),
  });
  return { write: (bytes) => void socket.write(bytes), close: () => socket.close() };
}

/** The world of a server that runs as a process on a simulated host. */
export function hostEnvironment(host: Host, native: Native): Environment {
  return {
    now: () => host.clock.wall(),
    random: host.random,
    after: (milliseconds, callback) => host.after(milliseconds * MILLISECOND, callback),
    dial: (to, port, events) => dial(host, native, to, port, events),
  };
}

/** Serves connections to a port of this host. `worked` is called after each piece of input. */
export function serveOn(native: Native, port: number, server: Connectable, worked: () => void): void {
  native.sockets.listen(port, (socket) => {
    const connection = server.connect({
      write: (bytes) => void socket.write(bytes),
      end: () => socket.end(),
      address: `${native.sockets.addressOf(socket.remote.host) ?? socket.remote.host}:${socket.remote.port}`,
    });
    return {
      data: (bytes) => {
        connection.receive(bytes);
        worked();
      },
      ended: () => {
        connection.close();
        socket.end();
      },
      drained: () => {},
      closed: () => connection.close(),
    };
  });
}

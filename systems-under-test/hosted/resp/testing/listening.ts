import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { RespServer } from '../server.ts';

/** Serves on a free port of this machine, for clients that know sockets alone. */
export interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

export async function listen(server: { connect: RespServer['connect'] }): Promise<Listening> {
  const sockets = new Set<Socket>();
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const connection = server.connect({
      write: (bytes) => void socket.write(bytes),
      end: () => socket.end(),
      address: `${socket.remoteAddress}:${socket.remotePort}`,
    });
    socket.on('data', (bytes) => connection.receive(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      connection.close();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

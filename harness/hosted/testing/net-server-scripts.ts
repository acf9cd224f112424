import type net from 'node:net';
import { attempt, described, type Script, served, watch } from './net-stage.ts';

/** The same for servers, and for calls that are refused at once. */
export const SERVER_SCRIPTS: Readonly<Record<string, Script>> = {
  'a server from listening to close': (stage) => {
    const { net: real, say } = stage;
    const server = real.createServer();
    for (const event of ['listening', 'close'])
      server.on(event, () => say('listener', `${event} ${server.listening}`));
    attempt(stage, 'close before listening', () =>
      server.close((error) => say('listener', described(error))),
    );
    say('listener', `address ${server.address()}`);
    stage.after(10, () => {
      server.listen(0, '127.0.0.1');
      say('listener', `listening ${server.listening}`);
      server.on('listening', () => {
        attempt(stage, 'listen twice', () => server.listen(0));
        const { port, address, family } = server.address() as net.AddressInfo;
        say('listener', `address ${address} ${family} ${typeof port}`);
        const second = real.createServer();
        second.on('error', (error) => say('second', described(error)));
        second.listen(port, '127.0.0.1');
        const client = real.connect(port, '127.0.0.1', () => {
          stage.after(10, () => {
            server.getConnections((error, count) => say('listener', `connections ${error} ${count}`));
            server.close((error) => say('listener', `closed ${error}`));
            say('listener', `after close ${server.listening} ${server.address()}`);
            stage.after(10, () => client.end());
          });
        });
        client.resume();
      });
      server.on('connection', (socket) => {
        say('listener', `connection ${socket.remoteAddress} ${socket.remoteFamily} ${socket.localAddress}`);
        socket.resume();
      });
    });
  },
  'more connections than allowed': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        socket.resume();
        server.close();
      },
      (port, server) => {
        server.maxConnections = 1;
        server.on('drop', (data) => stage.say('listener', `drop ${Object.keys(data ?? {}).join()}`));
        const first = stage.net.connect(port, '127.0.0.1', () => {
          const second = watch(stage, 'second', stage.net.connect(port, '127.0.0.1'));
          second.resume();
          second.on('close', () => first.end());
        });
        first.resume();
      },
    );
  },
  'calls that make no sense': (stage) => {
    const { net: real } = stage;
    attempt(stage, 'connect without a port', () => real.connect({} as net.NetConnectOpts));
    attempt(stage, 'connect to port 65536', () => real.connect(65536));
    attempt(stage, 'connect to port "x1" of an object', () => real.connect({ port: 'x1' } as never));
    attempt(stage, 'connect to port {}', () => real.connect({ port: {} } as never));
    attempt(stage, 'listen on port -1', () => real.createServer().listen(-1));
    attempt(stage, 'listen on an object', () => real.createServer().listen({}));
    attempt(stage, 'a server of a string', () => real.createServer('x' as never));
    attempt(stage, 'setTimeout("x")', () => new real.Socket().setTimeout('x' as never));
    attempt(stage, 'setTimeout(-1)', () => new real.Socket().setTimeout(-1));
    const fresh = watch(stage, 'fresh', new real.Socket());
    stage.say(
      'fresh',
      `${fresh.readyState} ${fresh.pending} ${fresh.remoteAddress} ${JSON.stringify(fresh.address())}`,
    );
    attempt(stage, 'reset a fresh one', () => fresh.resetAndDestroy());
    const kind = (real.Socket as unknown as () => net.Socket)();
    stage.say('fresh', `without new: ${kind instanceof real.Socket} ${kind.constructor.name}`);
  },
};

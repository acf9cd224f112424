import type net from 'node:net';
import { described, type Script, served, watch } from './net-stage.ts';

/** Each exercises one thing, with few enough ways of happening that the real Node does the same each time. */
export const SOCKET_SCRIPTS: Readonly<Record<string, Script>> = {
  'an echo, ended by the caller': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        socket.on('data', (bytes) => {
          stage.say('server', `data ${bytes}`);
          socket.write(`echo ${bytes}`);
        });
        server.close();
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        stage.say(
          'client',
          `at once: ${socket.readyState} ${socket.connecting} ${JSON.stringify(socket.address())}`,
        );
        socket.write('before the connection', () => stage.say('client', 'written'));
        socket.on('data', (bytes) => {
          stage.say('client', `data ${bytes}`);
          socket.end('bye', () => stage.say('client', 'ended'));
        });
      },
    );
  },
  'half-closed by the caller, answered afterwards': (stage) => {
    served(
      stage,
      { allowHalfOpen: true },
      (socket, server) => {
        server.close();
        let request = '';
        socket.setEncoding('utf8');
        socket.on('data', (text) => {
          request += text;
        });
        socket.on('end', () => {
          socket.write(`answer to ${request}`);
          stage.after(10, () => socket.end());
        });
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect({ port, host: '127.0.0.1' }));
        socket.setEncoding('utf8');
        socket.on('data', (text) => stage.say('client', `data ${text}`));
        socket.end('question');
      },
    );
  },
  'written to after the other side ended': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.resume();
        socket.end('last words');
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.on('data', (bytes) => stage.say('client', `data ${bytes}`));
        socket.on('end', () => {
          const taken = socket.write('too late', (error) =>
            stage.say('client', `callback: ${described(error)}`),
          );
          stage.say('client', `write returned ${taken}`);
        });
      },
    );
  },
  'destroyed by the caller': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.resume();
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.on('connect', () =>
          stage.after(10, () => {
            socket.destroy();
            stage.say('client', `destroyed: ${socket.readyState} ${JSON.stringify(socket.address())}`);
            socket.write('x', (error) => stage.say('client', `callback: ${described(error)}`));
          }),
        );
      },
    );
  },
  'destroyed with an error': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.on('end', () => socket.end());
        socket.resume();
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.on('connect', () => stage.after(10, () => socket.destroy(new Error('enough'))));
      },
    );
  },
  'reset by the caller': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.resume();
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.on('connect', () => stage.after(10, () => socket.resetAndDestroy()));
      },
    );
  },
  'closed with unread bytes': (stage) => {
    served(
      stage,
      { pauseOnConnect: true },
      (socket, server) => {
        server.close();
        stage.after(20, () => socket.destroy());
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.resume();
        socket.write('nobody reads this');
      },
    );
  },
  'a port where nobody listens': (stage) => {
    served(
      stage,
      {},
      () => {},
      (port, server) => {
        server.close(() => {
          const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
          socket.write('x', (error) => stage.say('client', `callback: ${described(error)}`));
        });
      },
    );
  },
  'destroyed before it connects': (stage) => {
    served(
      stage,
      {},
      (socket) => socket.resume(),
      (port, server) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.write('x', (error) => stage.say('client', `callback: ${described(error)}`));
        socket.destroy();
        server.close();
      },
    );
  },
  'idle for too long': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.resume();
      },
      (port) => {
        const socket = watch(
          stage,
          'client',
          stage.net.connect({ port, host: '127.0.0.1', timeout: 60_000 }),
        );
        socket.resume();
        socket.on('connect', () => {
          stage.say('client', `timeout is ${socket.timeout}`);
          socket.setTimeout(30);
        });
        socket.on('timeout', () => {
          stage.say('client', `timeout was ${socket.timeout}`);
          socket.setTimeout(0);
          socket.destroySoon();
        });
      },
    );
  },
  'much more than the buffers hold': (stage) => {
    const size = 12_000_000;
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        let sum = 0;
        socket.on('data', (bytes) => {
          for (const byte of bytes) sum = (sum * 31 + byte) | 0;
        });
        socket.on('end', () => stage.say('server', `sum ${sum}`));
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.resume();
        socket.on('connect', () => {
          const bytes = Buffer.alloc(size);
          for (let at = 0; at < size; at++) bytes[at] = (at * 7919) >> 3;
          stage.say('client', `write returned ${socket.write(bytes)}`);
          socket.once('drain', () => socket.end());
        });
      },
    );
  },
  'a server that is paused for a while': (stage) => {
    let paused = (): void => {};
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.on('data', (bytes) => {
          stage.say('server', `data ${bytes}`);
          if (socket.bytesRead === 6) return;
          socket.pause();
          paused();
          // What has arrived by then is read although it is paused.
          const resume = (): void => {
            if (socket.bytesRead < 6) stage.after(5, resume);
            else socket.resume();
          };
          resume();
        });
      },
      (port) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.resume();
        socket.write('one');
        paused = () => socket.end('two');
      },
    );
  },
  'aborted by a signal': (stage) => {
    served(
      stage,
      {},
      (socket, server) => {
        server.close();
        socket.resume();
      },
      (port) => {
        const controller = new AbortController();
        const options = { port, host: '127.0.0.1', signal: controller.signal };
        const socket = watch(stage, 'client', stage.net.connect(options as net.NetConnectOpts));
        socket.on('connect', () => stage.after(10, () => controller.abort()));
      },
    );
  },
  'a socket used a second time': (stage) => {
    served(
      stage,
      {},
      (socket) => {
        socket.end('hello');
        socket.resume();
      },
      (port, server) => {
        const socket = watch(stage, 'client', stage.net.connect(port, '127.0.0.1'));
        socket.on('data', (bytes) => stage.say('client', `data ${bytes}`));
        socket.once('close', () => server.close());
      },
    );
  },
};

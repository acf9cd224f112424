import type net from 'node:net';

/** What a script is given: the `net` of the real Node or of a simulated host, a timer, and where each actor writes down what it sees. */
export interface Stage {
  readonly net: typeof net;
  readonly after: (milliseconds: number, callback: () => void) => void;
  readonly say: (actor: string, text: string) => void;
}

type Script = (stage: Stage) => void;

/** Writes down every event of a socket with its state then. */
function watch({ say }: Stage, actor: string, socket: net.Socket): net.Socket {
  const state = (): string =>
    `${socket.readyState} pending=${socket.pending} read=${socket.bytesRead} written=${socket.bytesWritten} destroyed=${socket.destroyed}`;
  for (const event of ['connect', 'ready', 'end', 'finish', 'timeout', 'drain', 'pause', 'resume'])
    socket.on(event, () => say(actor, `${event}: ${state()}`));
  socket.on('error', (error) => say(actor, `error: ${described(error)}: ${state()}`));
  socket.on('close', (hadError) => say(actor, `close: ${hadError}: ${state()}`));
  return socket;
}

/** Every property of an error but what differs from run to run. */
export function described(error: unknown): string {
  if (error === null || error === undefined) return String(error);
  const { message, code, errno, syscall, address, port, name } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  const rest = JSON.stringify({
    code,
    errno,
    syscall,
    address,
    port: port === undefined ? undefined : 'port',
  });
  return `${name} ${message.replace(/:\d+$/, ':port')} ${rest}`;
}

/** A server of 127.0.0.1 for the time of a script; closed at its end by the script. */
function served(
  stage: Stage,
  options: net.ServerOpts,
  onConnection: (socket: net.Socket, server: net.Server) => void,
  client: (port: number, server: net.Server) => void,
): void {
  const server = stage.net.createServer(options, (socket) =>
    onConnection(watch(stage, 'server', socket), server),
  );
  for (const event of ['listening', 'close']) server.on(event, () => stage.say('listener', event));
  server.on('error', (error) => stage.say('listener', `error: ${described(error)}`));
  server.listen(0, '127.0.0.1', () => client((server.address() as net.AddressInfo).port, server));
}

function attempt({ say }: Stage, what: string, call: () => unknown): void {
  try {
    call();
    say('attempts', `${what}: nothing thrown`);
  } catch (error) {
    say('attempts', `${what}: ${described(error)}`);
  }
}

/** Each exercises one thing, with few enough ways of happening that the real Node does the same each time. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
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

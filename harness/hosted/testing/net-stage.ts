import type net from 'node:net';

/** What a script is given: the `net` of the real Node or of a simulated host, a timer, and where each actor writes down what it sees. */
export interface Stage {
  readonly net: typeof net;
  readonly after: (milliseconds: number, callback: () => void) => void;
  readonly say: (actor: string, text: string) => void;
}

export type Script = (stage: Stage) => void;

/** Writes down every event of a socket with its state then. */
export function watch({ say }: Stage, actor: string, socket: net.Socket): net.Socket {
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
export function served(
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

export function attempt({ say }: Stage, what: string, call: () => unknown): void {
  try {
    call();
    say('attempts', `${what}: nothing thrown`);
  } catch (error) {
    say('attempts', `${what}: ${described(error)}`);
  }
}

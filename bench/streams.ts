import type { Host, SocketEvents } from '../harness/contract/index.ts';
import { createSimulator, type Simulator } from '../harness/simulator/index.ts';
import { LIMITS, oneRack, SETTINGS } from './events.ts';
import { type Figure, rate } from './measure.ts';

const CONNECTIONS = 50;
const SETTLED = { ...SETTINGS, cpuPerEvent: 10_000 };

/** Two hosts, as the runtime of an unmodified program sees them. */
function pair(server: (host: Host) => void, client: (host: Host) => void): Simulator {
  const topology = oneRack(2);
  const world = createSimulator({ seed: 1, topology, settings: SETTLED, limits: LIMITS, observe: () => {} });
  const runtime = { enter() {}, leave() {}, uncaught: () => false, signal: () => false, ended() {} };
  for (const [name, program] of [
    ['n1', server],
    ['n2', client],
  ] as const) {
    world.boot(name, (host) => {
      host.native!.host(runtime);
      host.after(0, () => program(host));
    });
  }
  return world;
}

const SILENT: SocketEvents = { data() {}, ended() {}, drained() {}, closed() {} };

async function roundTrips(size: number, count: number): Promise<number> {
  const bytes = new Uint8Array(size).fill(65);
  let left = count;
  const world = pair(
    ({ native }) => {
      native!.sockets.listen(80, (socket) => ({ ...SILENT, data: (asked) => void socket.write(asked) }));
    },
    ({ native }) => {
      for (let nth = 0; nth < CONNECTIONS; nth++) {
        const ask = (): void => {
          if (left-- > 0) socket.write(bytes);
          else world.stop();
        };
        const socket = native!.sockets.connect('n1', 80, { ...SILENT, opened: ask, data: ask });
      }
    },
  );
  await world.run();
  return count;
}

/** One stream that is never short of bytes. @returns Megabytes. */
async function bulk(megabytes: number): Promise<number> {
  const bytes = new Uint8Array(64 * 1024).fill(65);
  let arrived = 0;
  const world = pair(
    ({ native }) => {
      native!.sockets.listen(80, () => ({
        ...SILENT,
        data({ length }) {
          arrived += length;
          if (arrived >= megabytes * 1e6) world.stop();
        },
      }));
    },
    ({ native }) => {
      const pump = (): void => {
        while (socket.write(bytes));
      };
      const socket = native!.sockets.connect('n1', 80, { ...SILENT, opened: pump, drained: pump });
    },
  );
  await world.run();
  return megabytes;
}

/** The sockets of unmodified programs, without the programs. */
export async function streamFigures(): Promise<Figure[]> {
  const what = `over ${CONNECTIONS} streams between two hosts, 10 us of CPU time an event`;
  return [
    await rate('streams', `questions and answers of 200 B ${what}`, 'round trips/s', 5, () =>
      roundTrips(200, 100_000),
    ),
    await rate('streams', `questions and answers of 4 KB ${what}`, 'round trips/s', 3, () =>
      roundTrips(4096, 40_000),
    ),
    await rate('streams', 'bytes of one stream, written 64 KB at a time', 'MB/s', 3, () => bulk(300)),
  ];
}

import type { Host, SocketEvents, StreamSocket, WorldSettings } from '../../contract/index.ts';
import { testWorld } from './world.ts';

/** What one end of a stream saw, in words and in order: neighbouring data is one entry. */
export type Seen = string[];

/** Events that write down what they tell, data as text. */
export function recording(seen: Seen, more: Partial<SocketEvents> = {}): SocketEvents {
  return {
    opened() {
      seen.push('opened');
      more.opened?.();
    },
    data(bytes) {
      const text = new TextDecoder().decode(bytes);
      const last = seen.at(-1);
      if (last?.startsWith('data ')) seen[seen.length - 1] = last + text;
      else seen.push(`data ${text}`);
      more.data?.(bytes);
    },
    ended() {
      seen.push('ended');
      more.ended?.();
    },
    drained() {
      seen.push('drained');
      more.drained?.();
    },
    closed(failure) {
      seen.push(failure === undefined ? 'closed' : `closed ${failure}`);
      more.closed?.(failure);
    },
  };
}

export const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** One side of a test: what it does when the stream is there, and what it hears. */
export type Side = (socket: StreamSocket, host: Host) => Partial<SocketEvents>;

/** Host `n1` calls port 80 of `n2`, which accepts everybody. */
export function streamed(caller: Side, answerer: Side, settings: Partial<WorldSettings> = {}, seed = 1) {
  const { world, observations } = testWorld(2, settings, { seed });
  const seen = { caller: [] as Seen, answerer: [] as Seen };
  world.boot('n2', (host) => {
    host.native!.sockets.listen(80, (socket) => recording(seen.answerer, answerer(socket, host)));
  });
  world.boot('n1', (host) => {
    if (host.incarnation > 1) return;
    let more: Partial<SocketEvents> = {};
    const socket = host.native!.sockets.connect('n2', 80, {
      ...recording(seen.caller, {
        data: (bytes) => more.data?.(bytes),
        ended: () => more.ended?.(),
        drained: () => more.drained?.(),
        closed: (failure) => more.closed?.(failure),
      }),
      opened() {
        seen.caller.push('opened');
        more = caller(socket, host);
      },
    });
  });
  return { world, observations, seen };
}

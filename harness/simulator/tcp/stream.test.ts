import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../contract/index.ts';
import { streamed, text } from '../testing/streams.ts';

const MS = MILLISECOND;

describe('a stream', () => {
  it('carries bytes both ways and ends in order', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('hel'));
        socket.write(text('lo'));
        return { data: () => socket.end() };
      },
      (socket) => ({
        data: () => void socket.write(text('world')),
        ended: () => socket.end(),
      }),
    );
    await world.run();
    expect(seen).toEqual({
      caller: ['opened', 'data world', 'ended', 'closed'],
      answerer: ['data hello', 'ended', 'closed'],
    });
    expect(world.machine('n1').streams.size).toBe(1);
    expect(world.machine('n2').streams.size).toBe(0);
  });

  it('is broken by the death of the peer', async () => {
    const { world, seen } = streamed(
      (socket, host) => {
        const ask = () => {
          socket.write(text('?'));
          host.after(100 * MS, ask);
        };
        ask();
        return {};
      },
      (socket) => ({ data: (bytes) => void socket.write(bytes) }),
    );
    world.at(SECOND, () => void world.levers.kill('n2'));
    world.at(2 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller.slice(0, 2)).toEqual(['opened', 'data ??????????']);
    expect(seen.caller.slice(2)).toEqual(['ended', 'closed ECONNRESET']);
  });
});

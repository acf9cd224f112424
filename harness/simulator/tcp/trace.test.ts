import { expect, it } from 'vitest';
import { text } from '../testing/streams.ts';
import { testWorld } from '../testing/world.ts';

it('a trace shows the segments of a stream with what they carry, and why one is lost', async () => {
  const lines: string[] = [];
  const { world } = testWorld(2, {}, { trace: { line: (line) => lines.push(line) } });
  const nothing = { data() {}, ended() {}, drained() {}, closed() {} };
  world.boot('n2', (host) => void host.native!.sockets.listen(80, () => nothing));
  world.boot('n1', (host) => {
    const socket = host.native!.sockets.connect('n2', 80, nothing);
    socket.write(text('GET / HTTP/1.1\r\n'));
    host.after(1e9, () => socket.end());
  });
  world.at(1e9, () => void world.levers.block([['n1', 'n2']]));
  world.at(1.1e9, () => world.stop());
  await world.run();
  const said = lines
    .filter((line) => line.includes('stream'))
    .map((line) => line.slice(13).replace(/\d{5,}/g, 'N'));
  expect(said).toEqual([
    'n1 -> n2  stream delivered after 100us  tcp N > 80 syn N+0 ack 0 window N',
    'n2 -> n1  stream delivered after 100us  tcp 80 > N syn ack N+0 ack N window N',
    'n1 -> n2  stream delivered after 100us  tcp N > 80 ack N+16 ack N window N "GET / HTTP/1.1\\r\\n"',
    'n2 -> n1  stream delivered after 100us  tcp 80 > N ack N+0 ack N window N',
    'n1 -> n2  stream blocked  tcp N > 80 ack fin N+0 ack N window N',
  ]);
});

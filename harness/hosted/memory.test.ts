import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { runPrograms } from './testing/programs.ts';

const SECOND = 1e9;

/** Collects garbage, with turns of the loop in between, in which handles are closed. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let time = 0; time < 5; time++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('nothing of a process is left when it is over, with its connections open: killed, ended from within a request, or alive at the end of the run', async () => {
  const server = `
    import http from 'node:http';
    http.createServer((request, response) => {
      if (request.url === '/exit') process.exit(0);
      response.end('ok');
    }).listen(3000);`;
  const client = `
    import http from 'node:http';
    import net from 'node:net';
    const agent = new http.Agent({ keepAlive: true });
    const ask = (path) => http.get({ host: 'n1', port: 3000, path, agent }, (answer) => answer.resume()).on('error', () => {});
    for (let time = 0; time < 4; time++) setTimeout(() => { ask('/' + time); ask('/slow'); }, 300 * time);
    setTimeout(() => ask('/exit'), 1500);
    setTimeout(() => { ask('/after'); net.connect(3000, 'n1').on('error', () => {}); }, 2900);`;
  const made: WeakRef<object>[] = [];
  const { uncaught } = await runPrograms([server, client], {
    seconds: 3,
    during: (world) => {
      const look = (): void => {
        for (const host of ['n1', 'n2']) made.push(new WeakRef(world.processOf(host)!));
      };
      for (const time of [0.5, 1.4, 2.95]) world.at(time * SECOND, look);
      world.at(0.65 * SECOND, () => void world.levers.kill('n1').heal());
    },
  });
  expect(uncaught).toEqual([]);
  await collect();
  expect(made.map((process) => process.deref()?.constructor.name)).toEqual(made.map(() => undefined));
});

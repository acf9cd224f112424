// The same server and clients under plain Node, over the loopback device: requests per second of CPU time.
const CLIENTS = Number(process.argv[2]);
const SECONDS = Number(process.argv[3]);

process.env.SERVER = 'localhost';
process.env.PORT = process.argv[4];
await import('./plain.js');
const { default: client } = await import('./plain-client.js');

const clients = Array.from({ length: CLIENTS }, client);

async function requests(seconds) {
  const end = performance.now() + 1000 * seconds;
  let done = 0;
  await Promise.all(
    clients.map(async ({ invoke }) => {
      while (performance.now() < end) {
        await invoke();
        done++;
      }
    }),
  );
  return done;
}

await requests(SECONDS / 2);
const before = process.cpuUsage();
const done = await requests(SECONDS);
const { user, system } = process.cpuUsage(before);
console.log((1e6 * done) / (user + system));
process.exit();

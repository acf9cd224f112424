/**
 * The system that `init` writes: the multi-writer register of Attiya, Bar-Noy and Dolev ("Sharing Memory Robustly in Message-Passing Systems", 1995; with
 * several writers: Lynch and Shvartsman 1997), on disk, with one mistake. The guide has the reader find it.
 */
export const REGISTER = `import {
  type Client,
  decode,
  encode,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  SECOND,
  type Setting,
  type System,
} from 'sixways';

// A replicated register: every replica keeps the newest version of each key in a file, and clients ask all replicas and go on
// with the answers of a majority. Any two majorities share a replica, so a read meets the last acknowledged write.

/** A value with its place in the order of writes: the higher counter is newer, the name of the writer breaks ties. */
type Version = { readonly counter: number; readonly writer: string; readonly value: Json };

const NEVER_WRITTEN: Version = { counter: 0, writer: '', value: null };

function isNewer(a: Version, b: Version): boolean {
  return a.counter !== b.counter ? a.counter > b.counter : a.writer > b.writer;
}

/** The program of a replica. Called for each incarnation: what it knew before a crash is on its disk, or gone. */
async function startReplica(host: Host): Promise<void> {
  const versions = new Map<string, Version>();
  for (const file of await host.disk.list()) {
    versions.set(file, decode(await host.disk.read(file)) as Version);
  }

  async function store(key: string, version: Version): Promise<void> {
    if (!isNewer(version, versions.get(key) ?? NEVER_WRITTEN)) return;
    host.disk.replace(key, encode(version), { sync: true });
    versions.set(key, version);
  }

  // One after the other: what is answered as stored must not be overtaken.
  let turn = Promise.resolve();
  host.network.onRequest(async (message) => {
    const { f, key, version } = message as { f: 'query' | 'store'; key: string; version: Version };
    if (f === 'query') return versions.get(key) ?? NEVER_WRITTEN;
    turn = turn.then(() => store(key, version));
    await turn;
    return 'stored';
  });
}

/** A user of the register, on a host of its own. */
function makeClient(host: Host, { hosts, flaw }: Setting): Client {
  const replicas = hosts.server!;
  const majority = Math.floor(replicas.length / 2) + 1;
  let writes = 0;

  /** Asks every replica; the answers of the first majority. */
  function askMajority(message: Json): Promise<Json[]> {
    return new Promise((resolve, reject) => {
      const answers: Json[] = [];
      let silent = 0;
      for (const replica of replicas) {
        host.network.request(replica, message, { timeout: 400 * MILLISECOND }).then(
          (answer) => {
            answers.push(answer);
            if (answers.length === majority) resolve(answers);
          },
          (error: unknown) => {
            silent++;
            if (silent > replicas.length - majority) reject(error);
          },
        );
      }
    });
  }

  async function newest(key: string): Promise<Version> {
    const seen = (await askMajority({ f: 'query', key })) as Version[];
    return seen.reduce((a, b) => (isNewer(b, a) ? b : a));
  }

  const store = (key: string, version: Version) => askMajority({ f: 'store', key, version });

  return {
    async invoke(request) {
      const key = String(request.key);
      // Nothing is written before: whatever goes wrong, the operation certainly did not happen.
      let seen: Version;
      try {
        seen = await newest(key);
      } catch (error) {
        return { type: 'fail', error: error instanceof HostError ? error.code : 'broken' };
      }
      try {
        if (request.f === 'read') {
          // A majority must have what a read returns, or the next read could see what was before it.
          if (seen.counter > 0 && !flaw('no-write-back')) await store(key, seen);
          return { type: 'ok', value: seen.value };
        }
        const writer = \`\${host.name}/\${host.incarnation}/\${++writes}\`;
        await store(key, { counter: seen.counter + 1, writer, value: request.value });
        return { type: 'ok', value: request.value };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        // No majority answered in time. A write may have happened, or happen yet: nobody knows. A read has no effect.
        return { type: request.f === 'read' ? 'fail' : 'info', error: error.code };
      }
    },
  };
}

const system: System = {
  name: 'register',
  summary: 'a register on three replicas: majorities read and write',
  options: { type: 'object', additionalProperties: false, properties: {} },
  roles: () => ({ server: 3 }),
  start: startReplica,
  client: makeClient,

  // What it promises, and under which faults. Checkers hold it to that; faults keep within it.
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 5 * SECOND }),
  tolerance: () => [
    { fault: 'crash', atOnce: 'all' },
    { fault: 'power-loss', atOnce: 'all' },
    { fault: 'pause-process', atOnce: 'all' },
    { fault: 'partition-halves', atOnce: 'all' },
    { fault: 'packet-loss', atOnce: 'all' },
    { fault: 'packet-delay', atOnce: 'all' },
  ],

  // Mistakes made on purpose: \`sixways flaws\` demands that each is caught.
  flaws: [
    {
      name: 'no-write-back',
      summary: 'a read returns what it saw without making sure that a majority has it',
      caughtBy: [{ checker: 'linearizable', anomaly: 'nonlinearizable' }],
    },
  ],

  operations: ['read', 'write'],
  workload: () => ({ name: 'register', options: { keys: 3, casShare: 0 } }),
  checkers: () => [{ name: 'linearizable' }, { name: 'durability' }, { name: 'availability' }, { name: 'stats' }],
};

export default system;
`;

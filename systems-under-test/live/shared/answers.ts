import { type Machine, type Nanos, SECOND } from '../../../harness/contract/index.ts';

/** Runs in the host's own network: asks again and again, ends well with the first answer. A port answers by taking the connection, a URL by a status below 500. */
const ASK = `
const [what] = process.argv.slice(1);
const ask = what.startsWith('http')
  ? async () => { const { status } = await fetch(what); if (status >= 500) throw new Error('status ' + status); }
  : () => new Promise((resolve, reject) => {
      const [host, port] = what.split(':');
      const socket = require('net').connect(Number(port), host);
      socket.on('connect', resolve).on('error', reject);
    });
const again = () => ask().then(() => process.exit(0), () => setTimeout(again, 20));
again();
`;

/** Resolves when a server of this machine answers at `address:port` or at a URL. @throws Error if none does in time. */
export async function answers(machine: Machine, what: string, within: Nanos): Promise<void> {
  try {
    await machine.run([process.execPath, '-e', ASK, what], { within });
  } catch {
    throw new Error(`expected ${what} to answer within ${within / SECOND} s`);
  }
}

import { createInterface } from 'node:readline';
import { execa } from 'execa';

/** The live world cannot be made on this machine, or a run in it ended in a way that nothing explains. */
export class LiveWorldError extends Error {
  readonly code = 'live';
  constructor(message: string) {
    super(message);
    // One of the user's mistakes, like a lever that is missing.
    this.name = 'RunError';
  }
}

export interface EnclosureOptions<Message> {
  /** A module to run, compiled. It reads the job as a line of its standard input and prints messages as lines of JSON. */
  readonly entry: string;
  readonly job: unknown;
  readonly heard: (message: Message) => void;
}

/**
 * The words that start a command in an enclosure: network, process numbers and mounts of its own and, for users that are not root, user numbers of its own. Everything
 * made in there, namespaces, devices, rules, files in memory, lives as long as the first process in it, which dies with the thread that
 * started it, whatever ends that. So nothing is ever left behind, and nothing has to be swept.
 */
function enclosing(): string[] {
  const root = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    ...root,
    '--net',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
  ];
}

/**
 * Runs a module in an enclosure until it ends.
 * @throws LiveWorldError if the machine does not allow it, or the module ends other than well.
 */
export async function enclosed<Message>({ entry, job, heard }: EnclosureOptions<Message>): Promise<void> {
  const [file, ...rest] = [...enclosing(), process.execPath, entry];
  const child = execa(file!, rest, {
    input: `${JSON.stringify(job)}\n`,
    buffer: { stdout: false },
    reject: false,
  });
  let spoke = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    spoke = true;
    heard(JSON.parse(line) as Message);
  });
  const { exitCode, stderr, shortMessage } = await child;
  if (exitCode === 0) return;
  const said = (stderr || shortMessage || '').trim();
  throw new LiveWorldError(
    spoke
      ? `the live world ended before its time: ${said}`
      : `the live world needs Linux with network namespaces, as root or with user namespaces allowed, and util-linux and iproute2: ${said}`,
  );
}

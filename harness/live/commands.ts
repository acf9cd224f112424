import { execaSync } from 'execa';

/** A command of the machine failed: which, with what exit, and what it said. */
export class CommandError extends Error {
  constructor(command: readonly string[], said: string) {
    super(`${command.join(' ')}: ${said.trim() || 'failed without a word'}`);
    this.name = 'CommandError';
  }
}

/**
 * Runs a short command to its end, on the spot: what a lever does is in force when its call returns. Operations that complete meanwhile
 * are recorded some milliseconds late, which makes their intervals longer, never wrong.
 * @throws CommandError
 */
export function command(words: readonly string[], input = ''): string {
  const [file, ...rest] = words;
  const { stdout, stderr, failed, shortMessage } = execaSync(file!, rest, { input, reject: false });
  if (failed) throw new CommandError(words, stderr === '' ? (shortMessage ?? '') : stderr);
  return stdout;
}

/** Lines for `ip -batch`, in the world's own namespace or in a host's. */
export function ip(lines: readonly string[], namespace?: string): void {
  if (lines.length === 0) return;
  const where = namespace === undefined ? [] : ['-netns', namespace];
  command(['ip', ...where, '-batch', '-'], `${lines.join('\n')}\n`);
}

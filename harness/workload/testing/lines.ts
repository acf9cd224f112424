import type { Generator, Request } from '../../contract/index.ts';
import { createRandom } from '../../simulator/random.ts';
import type { Draws } from '../progress.ts';
import { type SimulateOptions, simulate } from '../simulate.ts';

/** Draws that a test may rely on: the same for the same seed, thread and number. */
export function seededDraws(seed = 1): Draws {
  return (thread, nth) => createRandom(`${seed}/${thread}/${nth}`);
}

/** A request with a value and nothing else of interest. */
export const write = (value: number): Request => ({ f: 'write', value });

export const read: Request = { f: 'read', value: null };

/** The invocations of a simulated run as text: `time thread f [key] [value]`, one operation taking 10 ns. */
export function lines(generator: Generator, options: Partial<SimulateOptions> = {}): string[] {
  return simulate(generator, { threads: 1, draws: seededDraws(), ...options })
    .filter(({ type }) => type === 'invoke')
    .map(({ time, thread, f, key, value }) => {
      return [time, thread, f, key, value].filter((part) => part !== undefined && part !== null).join(' ');
    });
}

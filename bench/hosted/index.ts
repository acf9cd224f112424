import type { Figure } from '../measure.ts';
import { hostsOfPrograms } from './hosts.ts';
import { servedFigures } from './served.ts';

/** Unmodified programs. All by CPU time, garbage collection included, so that neighbours on the machine count less. */
export async function hostedFigures(): Promise<Figure[]> {
  // Programs ask for local times.
  process.env.TZ = 'UTC';
  return [...(await hostsOfPrograms()), ...(await servedFigures())];
}

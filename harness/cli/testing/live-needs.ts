import { existsSync } from 'node:fs';

const inContinuousIntegration = process.env.CI !== undefined && process.env.CI !== '';

/** True if tests of the live world that need these programs are to be skipped: never in CI. Says so. */
export function lacksForLive(programs: readonly string[]): boolean {
  const missing = programs.filter((file) => !existsSync(file));
  if (missing.length === 0 || inContinuousIntegration) return false;
  console.log(`skipped: a test of the live world needs ${missing.join(', ')} (npm run servers)`);
  return true;
}

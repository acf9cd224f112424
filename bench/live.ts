import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sixways } from './claims/sixways.ts';
import { missing } from './installed.ts';
import { type LiveClaim, liveClaims } from './live-claims.ts';

/**
 * Tries what is claimed of real servers, two at a time. Timing is the machine's, so a run that does not find what it should is made again, twice
 * at most, and every attempt is printed. A claim whose server is not installed is skipped by name; with `CI` set that is a failure.
 * `npm run live -- WORD`: only claims with this word.
 */
const ATTEMPTS = 3;
const AT_ONCE = 2;

interface Summary {
  readonly validity: string;
  readonly reasons: readonly string[];
  readonly signatures: readonly { readonly checker: string; readonly anomaly: string }[];
  readonly realMilliseconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'live-claims-'));
const inContinuousIntegration = process.env.CI !== undefined && process.env.CI !== '';

/** Whether it holds, or is passed over. */
async function holds(claim: LiveClaim, nth: number): Promise<boolean> {
  const lacking = missing(claim.needs);
  if (lacking.length > 0) {
    const packages = lacking.map((need) => need.package).join(' ');
    console.log(`skipped ${claim.claim}: needs ${packages} (npm run servers)`);
    return !inContinuousIntegration;
  }
  const file = join(folder, `plan-${nth}.json`);
  writeFileSync(file, JSON.stringify(claim.plan));
  const { name } = (claim.plan as { readonly system: { readonly name: string } }).system;
  const server = join(folder, `${name}.json`);
  if (claim.server !== undefined) writeFileSync(server, claim.server);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { json } = await sixways('run', claim.server === undefined ? name : server, '--plan', file);
    const found = json as Summary | null;
    const kinds = found?.signatures.map(({ checker, anomaly }) => `${checker}: ${anomaly}`) ?? [];
    const right =
      claim.finds.length === 0
        ? found?.validity === 'valid'
        : found?.validity === 'invalid' && kinds.every((kind) => claim.finds.includes(kind));
    const seconds = ((found?.realMilliseconds ?? 0) / 1000).toFixed(1);
    const what = [found?.validity ?? 'no verdict', ...kinds, ...(found?.reasons ?? [])].join(', ');
    console.log(
      `${right ? 'holds  ' : 'MISSED '} ${claim.claim} (attempt ${attempt}, ${seconds} s: ${what})`,
    );
    if (right) return true;
  }
  return false;
}

const word = process.argv[2];
const wanted = liveClaims.filter(({ claim }) => word === undefined || claim.includes(word));
const results: boolean[] = [];
let next = 0;
async function take(): Promise<void> {
  while (next < wanted.length) {
    const nth = next++;
    results.push(await holds(wanted[nth]!, nth));
  }
}
try {
  await Promise.all(Array.from({ length: AT_ONCE }, take));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const failed = results.filter((held) => !held).length;
console.log(`${results.length - failed} of ${results.length} claims about real servers hold or are skipped`);
if (failed > 0) process.exitCode = 1;

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { registries } from '../harness/cli/registries.ts';
import { beyondClaims } from './claims/beyond.ts';
import { bruteForceClaims } from './claims/brute-force.ts';
import { campaignClaims } from './claims/campaigns.ts';
import { BASES_A_DAY, Claims, type Extent } from './claims/claim.ts';
import { determinismClaims } from './claims/determinism.ts';
import { flawClaims } from './claims/flaws.ts';
import { fleetClaims } from './claims/fleet.ts';
import { hostedClaims } from './claims/hosted.ts';
import { isolationClaims } from './claims/isolation.ts';
import { mutantClaims } from './claims/mutants.ts';
import { queueingClaims } from './claims/queueing.ts';
import { trainingClaims } from './claims/training.ts';

/**
 * Runs what is claimed of seeds and flaws. `--sample` runs a part that fits into a CI run, from a base that changes every day; without
 * it everything is run, and the result, with the commit it is of, is written to a file. `npm run soak -- --only isolation`: one part alone, `--systems raft,chain`: of these
 * systems alone. `--only mutants --folders shared,raft --seeds 20`: a quick look
 * at the mutants of these folders. `--only flaws --record`: the figures of the flaws go into the table of `systems-under-test/README.md`.
 */
const { values: flags } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    base: { type: 'string' },
    only: { type: 'string' },
    systems: { type: 'string' },
    seeds: { type: 'string' },
    folders: { type: 'string' },
    record: { type: 'boolean', default: false },
    out: { type: 'string', default: 'soak-result.json' },
  },
});

// Real servers are never the same twice: `npm run live` is about them.
const known = registries.systems.flatMap(({ name, world }) => (world === undefined ? [name] : []));
const systems = flags.systems?.split(',') ?? known;
for (const system of systems) {
  if (!known.includes(system))
    throw new Error(`--systems: expected some of ${known.join(', ')}, got ${system}`);
}

const PARTS: { readonly [name: string]: (claims: Claims, extent: Extent) => Promise<void> } = {
  campaigns: (claims, extent) => campaignClaims(claims, systems, extent),
  beyond: (claims, extent) => beyondClaims(claims, systems, extent),
  fleet: fleetClaims,
  training: trainingClaims,
  flaws: (claims, extent) => flawClaims(claims, systems, extent, { recorded: flags.record }),
  isolation: isolationClaims,
  hosted: hostedClaims,
  queueing: queueingClaims,
  'brute-force': bruteForceClaims,
  determinism: (claims, extent) => determinismClaims(claims, systems, extent),
  mutants: (claims, extent) =>
    mutantClaims(claims, systems, extent, {
      ...(flags.folders !== undefined && { folders: flags.folders.split(',') }),
      ...(flags.seeds !== undefined && { seeds: Number(flags.seeds) }),
    }),
};

/** What the test suite tries on a smaller scale already, and what says nothing unless it is tried as a whole. */
const NOT_SAMPLED = ['beyond', 'fleet', 'training', 'queueing', 'brute-force', 'mutants'];

const MILLISECONDS_A_DAY = 86_400_000;
const base =
  flags.base === undefined
    ? flags.sample
      ? (Math.floor(Date.now() / MILLISECONDS_A_DAY) % 100_000) * BASES_A_DAY
      : 1
    : Number(flags.base);

console.log(`base of the seeds: ${base} (again with --base ${base}); ${availableParallelism()} cores`);
if (flags.only !== undefined && PARTS[flags.only] === undefined)
  throw new Error(`--only: expected one of ${Object.keys(PARTS).join(', ')}, got ${flags.only}`);
const claims = new Claims();
for (const [name, part] of Object.entries(PARTS)) {
  if (flags.sample && NOT_SAMPLED.includes(name)) continue;
  if (flags.only === undefined || flags.only === name) await part(claims, { sample: flags.sample, base });
}

const failed = claims.tried.filter(({ holds }) => !holds).length;
if (!flags.sample) {
  const { stdout: commit } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  const { stdout: dirty } = await execa('git', ['status', '--porcelain', '--untracked-files=no'], {
    reject: false,
  });
  const result = { commit, clean: dirty === '', node: process.version, base, claims: claims.tried };
  writeFileSync(flags.out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`written to ${flags.out}`);
}
console.log(`${claims.tried.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

import { readFileSync } from 'node:fs';
import type { Plan } from '../../harness/contract/index.ts';
import type { Claims, Extent } from './claim.ts';
import { runtimeClaims } from './hosted-runtimes.ts';
import { sixways } from './sixways.ts';

const systemOf = (name: string) => ({
  name,
  file: `systems-under-test/hosted/${name}/${name}.system.ts`,
});
/** Systems of unmodified programs, by their files. */
const EXAMPLES = ['hello', 'sentinel', 'order-service'].map(systemOf);
/** Packages as they come from npm, which promise something under faults. */
const PACKAGES = ['redlock', 'rate-limiter', 'shared-document'].map(systemOf);
/** Of 500 seeds those in which each kind of fault has to bite. */
const BITES = 25;
const ORDERS = systemOf('order-service').file;
const FENCED = ['--options', '{"fencing":true}'];

interface Campaign {
  readonly counts: Record<string, number>;
  readonly failures: readonly {
    readonly signature: { readonly anomaly: string };
    readonly seeds: readonly number[];
    readonly shrunk?: { readonly history: string; readonly faults: number };
  }[];
  readonly faults: readonly { readonly fault: string; readonly bit: number }[];
  readonly unknown: readonly { readonly reasons: readonly string[] }[];
}

/** Services as people write them: what their lock with a lease does not prevent is found, a fencing token prevents it, and every run is the same everywhere. */
export async function hostedClaims(claims: Claims, { sample, base }: Extent): Promise<void> {
  // A sample has no time for what shows seldom, and for making it small.
  const starts = sample ? [] : [1, 1001, 2001, 3001, 4001].map((start) => start + base - 1);
  for (const start of starts) {
    await claims.try(
      `order-service: a double charge within 200 seeds from ${start}, by one pause and at most 4 requests`,
      () => doubleCharge(start),
    );
  }
  const seeds = sample ? 3 : 500;
  await claims.try(
    `order-service with fencing tokens: ${seeds} seeds from ${base}, none invalid`,
    async () => {
      const { json } = await sixways(
        ...['test', ORDERS, ...FENCED, '--seeds', String(seeds), '--from', String(base)],
      );
      const { counts, faults, failures } = (json as readonly Campaign[])[0]!;
      const pauses = faults.find(({ fault }) => fault === 'pause-process')?.bit ?? 0;
      const holds = counts.valid === seeds && (sample || pauses >= 100);
      return { holds, detail: { counts, pauses, failures } };
    },
  );
  await packageClaims(claims, { sample, base });
  await runtimeClaims(claims, [...EXAMPLES, ...PACKAGES], { sample, base });
}

/** What a package promises is kept under all that its system tolerates, and a package with a few lines changed is caught. */
async function packageClaims(claims: Claims, { sample, base }: Extent): Promise<void> {
  const seeds = sample ? 3 : 500;
  for (const { name, file } of PACKAGES) {
    await claims.try(
      `${name}: ${seeds} seeds from ${base}, none invalid${sample ? '' : `, and each kind of fault bites in ${BITES} of them`}`,
      async () => {
        const { json } = await sixways(
          ...['test', file, '--seeds', String(seeds), '--from', String(base), '--time', '4s', '--no-shrink'],
        );
        const { counts, faults, failures, unknown } = (json as readonly Campaign[])[0]!;
        const seldom = faults.filter(({ bit }) => bit < BITES);
        // In a short run it happens that no fault finds anything to disturb.
        const isCalm = unknown.every(({ reasons }) =>
          reasons.every((reason) => reason.startsWith('evidence:')),
        );
        const holds = counts.invalid === 0 && isCalm && (sample || seldom.length === 0);
        return { holds, detail: { counts, faults, failures, unknown } };
      },
    );
    if (sample) continue;
    await claims.try(`${name}: a few lines of the package changed are caught within 200 seeds`, async () => {
      const { code, json } = await sixways('flaws', file, '--starts', String(base), '--seeds', '200');
      return { holds: code === 0, detail: json };
    });
  }
}

async function doubleCharge(start: number) {
  const { json } = await sixways(
    ...['test', ORDERS, '--seeds', '200', '--from', String(start), '--failures', '1'],
  );
  const { failures } = (json as readonly Campaign[])[0]!;
  const { signature, seeds, shrunk } = failures[0] ?? {};
  const needed = seeds === undefined ? null : seeds[0]! - start + 1;
  if (shrunk === undefined) return { holds: false, detail: { needed, found: signature ?? 'nothing' } };
  const [header = ''] = readFileSync(shrunk.history, 'utf8').split('\n', 1);
  const { plan } = JSON.parse(header) as { readonly plan: Plan };
  const faults = plan.schedule.map(({ fault }) => fault);
  const requests = plan.workload.only?.length ?? Number.POSITIVE_INFINITY;
  const replay = await sixways('replay', shrunk.history);
  const holds =
    signature?.anomaly === 'duplicate' &&
    faults.length === 1 &&
    faults[0] === 'pause-process' &&
    requests <= 4 &&
    replay.code === 1;
  return { holds, detail: { needed, faults, requests, replayed: replay.code } };
}

import { join } from 'node:path';
import type { CampaignReport, Failure, RunPool, RunTask, SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { describeFault, type ReportedCampaign, type ShrunkFailure } from '../report/index.ts';
import type { Progress } from './progress.ts';
import { readRecorded } from './recorded.ts';
import { CutShort, cutBy, shrinkInPool } from './shrinking.ts';

/** Shrinks the first failure of each kind and keeps the small histories beside the large ones. */
export async function shrinkFailures(
  pool: RunPool,
  system: SystemReference,
  report: CampaignReport,
  check: RunTask['check'],
  progress: Progress,
): Promise<ReportedCampaign> {
  const failures: ReportedCampaign['failures'][number][] = [];
  for (const failure of report.failures) {
    const shrunk = pool.stopped
      ? undefined
      : await shrinkOne(pool, system, failure, check, progress).catch(unshrunk);
    failures.push(shrunk === undefined ? failure : { ...failure, shrunk });
  }
  progress.end();
  return { ...report, failures };
}

/** The failure is known all the same. */
function unshrunk(error: unknown): undefined {
  if (!(error instanceof CutShort)) throw error;
  process.stderr.write(`not shrunk: ${error.message}\n`);
}

async function shrinkOne(
  pool: RunPool,
  system: SystemReference,
  { signature, first }: Failure,
  check: RunTask['check'],
  progress: Progress,
): Promise<ShrunkFailure | undefined> {
  if (first.history === undefined) return undefined;
  const { plan } = await readRecorded(first.history, system.name);
  const { plan: small, runs } = await shrinkInPool(pool, system, plan, {
    signature,
    check,
    onProgress: (text) => progress.say(text),
  });
  const history = first.history.replace(/(\.jsonl)?$/, '-shrunk.jsonl');
  return { ...(await keep(pool, system, small, history, check)), runs };
}

/** Runs a shrunk plan once more and keeps its history. @throws CutShort if that run did not get as far as its failure. */
export async function keep(
  pool: RunPool,
  system: SystemReference,
  plan: Plan,
  history: string,
  check: RunTask['check'],
): Promise<Omit<ShrunkFailure, 'runs'>> {
  const run = await pool.run({ system, plan, history: join(history), check });
  if (run.ended !== undefined && run.signatures.length === 0) throw new CutShort(cutBy(run));
  return {
    history,
    faults: plan.schedule.length,
    operations: run.operations,
    schedule: plan.schedule.map(describeFault),
    run,
  };
}

import type { History } from '../../histories/index.ts';
import type { RunPool, RunSummary, RunTask, Signature } from '../campaign/index.ts';

/** How often a plan of the live world showed again what its history showed: nothing there is the same twice. */
export interface Reproduction {
  readonly times: number;
  readonly reproduced: number;
  /** What the history's verdict found, as `checker: anomaly`; empty if it was valid. */
  readonly sought: readonly string[];
  readonly runs: readonly RunSummary[];
}

/** Runs the plan so many times. A run reproduces a failure if it shows one of its anomalies, and a valid history if it is valid too. */
export async function reproduce(
  pool: RunPool,
  task: RunTask,
  recorded: History,
  times: number,
): Promise<Reproduction> {
  const sought = found(recorded);
  const runs: RunSummary[] = [];
  for (let nth = 0; nth < times && !pool.stopped; nth++) runs.push(await pool.run(task));
  const reproduced = runs.filter(({ validity, signatures }) =>
    sought.length === 0
      ? validity === 'valid'
      : signatures.some((signature) => sought.includes(named(signature))),
  ).length;
  return { times: runs.length, reproduced, sought, runs };
}

export function describeReproduction({ times, reproduced, sought, runs }: Reproduction): string {
  const what = sought.length === 0 ? 'a valid run' : sought.join(', ');
  return [
    `a run in the live world is never the same twice: its plan was run ${times} times, and ${reproduced} of them showed ${what} again`,
    ...runs.map(({ validity, signatures }, nth) => {
      const shown = signatures.map(named).join(', ');
      return `  run ${nth + 1}: ${validity}${shown === '' ? '' : `, ${shown}`}`;
    }),
  ].join('\n');
}

function found({ footer }: History): string[] {
  const judgement = footer?.verdict as { readonly verdicts?: readonly VerdictData[] } | undefined;
  return (judgement?.verdicts ?? []).flatMap(({ checker, validity, anomalies = [] }) =>
    validity === 'invalid' ? anomalies.map(({ name }) => named({ checker, anomaly: name })) : [],
  );
}

interface VerdictData {
  readonly checker: string;
  readonly validity: string;
  readonly anomalies?: readonly { readonly name: string }[];
}

function named({ checker, anomaly }: Signature): string {
  return `${checker}: ${anomaly}`;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { FlawResult } from '../../harness/cli/commands/flaws.ts';
import { PROJECT } from '../project.ts';
import { withTable } from './table.ts';

/** The flaws of a system, as they were measured at one commit. */
export interface MeasuredSystem {
  readonly commit: string;
  readonly starts: readonly number[];
  /** Most seeds from each start. */
  readonly seeds: number;
  readonly flaws: { readonly [flaw: string]: MeasuredFlaw };
}

export interface MeasuredFlaw {
  /** `checker: anomaly` of the first catch. */
  readonly caughtBy: string;
  readonly seedsNeeded: readonly (number | null)[];
  readonly faults: number;
  readonly operations: number;
}

/** By name of the system. */
export type Measured = { readonly [system: string]: MeasuredSystem };

const FILE = 'bench/flaws/measured.json';
const README = 'systems-under-test/README.md';

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(join(PROJECT, FILE), 'utf8')) as Measured;
}

export function readReadme(): string {
  return readFileSync(join(PROJECT, README), 'utf8');
}

/** The commit that is measured. @throws Error where files differ from it, other than those that a measurement writes. */
export async function measuredCommit(): Promise<string> {
  const { stdout: changed } = await execa(
    'git',
    [
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      '.',
      ...[FILE, README].map((file) => `:(exclude)${file}`),
    ],
    { cwd: PROJECT },
  );
  if (changed !== '') throw new Error(`--record: expected the files of a commit, got changes:\n${changed}`);
  const { stdout } = await execa('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: PROJECT });
  return stdout;
}

/** Takes the place of what was measured of this system before, in the file and in the table of the README. */
export function record(system: string, measured: MeasuredSystem): void {
  const all = { ...readMeasured(), [system]: measured };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(PROJECT, FILE), `${JSON.stringify(sorted, null, 1)}\n`);
  writeFileSync(join(PROJECT, README), withTable(readReadme(), sorted));
}

/** What is kept of the results of a system; undefined where a run was cut off, so that something is not known. */
export function keptOf(results: readonly FlawResult[]): MeasuredSystem['flaws'] | undefined {
  const kept: { [flaw: string]: MeasuredFlaw } = {};
  for (const { flaw, seedsNeeded, signature, faults, operations, cut } of results) {
    if (cut !== undefined || signature === undefined || faults === undefined || operations === undefined)
      return undefined;
    kept[flaw] = { caughtBy: signature, seedsNeeded, faults, operations };
  }
  return kept;
}

import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../harness/cli/temporary.ts';
import { type Mutant, SYSTEMS } from './mutants.ts';
import { mutate } from './sites.ts';

const ROOT = dirname(SYSTEMS);
const PARTS = ['systems-under-test', 'harness', 'checkers', 'histories', 'nemeses', 'index.ts'];
const SETTINGS = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'vitest.seed.ts', 'vitest.setup.ts'];
/** What runs plans of seeds does what a hunt does, for longer. */
const RUNS_PLANS = /testing\/trial\.ts'|from 'execa'/;
/** A mutant that turns in circles is caught, too. */
const PATIENCE_MS = 60_000;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A copy of the repository, in which mutants meet the tests beside them, one mutant at a time. */
export class Suite {
  private readonly folder = temporaryFolder();

  constructor() {
    for (const part of [...PARTS, ...SETTINGS])
      cpSync(join(ROOT, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** The test beside it that fails; undefined if none does. */
  async notices({ file, mutant, ...site }: Mutant): Promise<string | undefined> {
    const path = join(this.folder, 'systems-under-test', file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, mutate(text, site, mutant));
    try {
      return await this.fails(file.split('/')[0]!);
    } finally {
      writeFileSync(path, text);
    }
  }

  /** Of the tests of a folder the first one that fails. */
  async fails(folder: string): Promise<string | undefined> {
    const tests = testsOf(folder);
    if (tests.length === 0) return undefined;
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    const options = ['run', '--project', 'parts', '--bail', '1', '--reporter', 'json'];
    const { stdout, exitCode, timedOut } = await execa(process.execPath, [vitest, ...options, ...tests], {
      cwd: this.folder,
      reject: false,
      timeout: PATIENCE_MS,
    });
    if (exitCode === 0) return undefined;
    if (timedOut) return 'the tests do not end';
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed'),
    );
    return (
      failed[0]?.fullName ?? testResults.find(({ message }) => message !== '')?.message ?? 'no test runs'
    );
  }
}

/** Paths from the root of the repository. */
function testsOf(folder: string): string[] {
  const inside = join('systems-under-test', folder);
  if (!existsSync(join(ROOT, inside))) return [];
  return readdirSync(join(ROOT, inside), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(inside, file))
    .filter((file) => !RUNS_PLANS.test(readFileSync(join(ROOT, file), 'utf8')))
    .sort();
}

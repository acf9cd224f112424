import { execa } from 'execa';
import { COMPARISONS } from '../../checkers/testing/comparisons.ts';
import type { Claims, Extent } from './claim.ts';

/** Small histories, most of them with a planted anomaly, that are compared for each row of the table. */
const COMPARED = 20_000;

/** Part of the report of vitest. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Every checker says of each history what its definition says, tried out. Runs the tests that compare, with more histories and another seed. */
export async function bruteForceClaims(claims: Claims, { base }: Extent): Promise<void> {
  for (const [file, rows] of Object.entries(COMPARISONS)) {
    const names = Object.keys(rows);
    const checkers = [...new Set(names.map((name) => name.split(': ')[0]!))].join(', ');
    const what = `${checkers}: as brute force says, ${names.length} x ${COMPARED} histories or more (${file})`;
    await claims.try(what, async () => {
      const { stdout, exitCode } = await execa(
        'npx',
        [
          'vitest',
          'run',
          '--project',
          'parts',
          '--reporter',
          'json',
          '--testTimeout',
          '1200000',
          `checkers/${file}`,
        ],
        { env: { COMPARISONS: String(COMPARED), PROPERTY_SEED: String(base) }, reject: false },
      );
      const failures = failuresOf(stdout);
      return { holds: exitCode === 0 && failures.length === 0, detail: { seed: base, failures } };
    });
  }
}

function failuresOf(report: string): unknown[] {
  const from = report.indexOf('{"');
  if (from < 0) return [report];
  const { numPassedTests, testResults } = JSON.parse(report.slice(from)) as Report;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  if (failed.length === 0 && numPassedTests === 0) return ['no test ran'];
  return failed.map(({ fullName, failureMessages }) => ({ test: fullName, message: failureMessages[0] }));
}

import type { Flaw } from '../../harness/contract/index.ts';

const session = (anomaly: string) => ({ checker: 'session-guarantees', anomaly }) as const;
const sequential = { checker: 'sequential', anomaly: 'nonsequential' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'ignores-tokens',
    summary:
      'a replica does not look at the token: clients miss their own writes, and see what is older than before',
    caughtBy: [session('read-your-writes'), session('monotonic-reads'), sequential],
  },
  {
    name: 'forgets-what-it-saw',
    summary:
      'a client’s token is the last record that it wrote, not what it saw: another replica shows it an older state',
    caughtBy: [session('monotonic-reads'), sequential],
  },
  {
    name: 'serves-however-old',
    summary:
      'a replica that is cut off from the writer goes on answering, and promises a bound on the staleness all the same',
    caughtBy: [{ checker: 'staleness', anomaly: 'stale-read' }],
    options: { session: 'none' },
  },
  {
    name: 'skips-trimmed-records',
    summary:
      'the writer has forgotten what a replica lacks, sends what it has, and the replica goes on with a hole in its log',
    caughtBy: [
      { checker: 'convergence', anomaly: 'divergence' },
      { checker: 'staleness', anomaly: 'stale-read' },
      sequential,
    ],
  },
];

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sixways } from './testing/sixways.ts';

const SENTINEL = join(import.meta.dirname, '../../systems-under-test/hosted/sentinel/sentinel.system.ts');

it('an unmodified ioredis finds the primary through sentinels, and its operations succeed', async () => {
  const { stdout, exitCode } = await sixways([
    'run',
    SENTINEL,
    ...['--seed', '1', '--time', '1s', '--clients', '2', '--faults', 'none'],
  ]);
  expect(stdout).toContain('seed 1: valid');
  expect(exitCode).toBe(0);
});

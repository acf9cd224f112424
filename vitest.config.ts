import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const MILLISECONDS_A_DAY = 86_400_000;
/** Seed of all property tests: another one every day, the same one all day, so that a failure comes back when the test is run again. */
const base = process.env.PROPERTY_SEED ?? String(Math.floor(Date.now() / MILLISECONDS_A_DAY));
if (process.env.VITEST_WORKER_ID === undefined)
  console.log(`seed of the property tests: ${base} (again with PROPERTY_SEED=${base})`);

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['./vitest.seed.ts'],
  // Plain text wherever the tests run: a CI service is taken for a terminal with colours.
  env: { NO_COLOR: '1', PROPERTY_SEED: base },
};

/** What changes the process that it runs in, or has others beside it. */
const OF_THE_PROCESS = [
  'harness/{hosted,live}/**/*.test.ts',
  'systems-under-test/{hosted,live}/**/*.test.ts',
];

export default defineConfig({
  test: {
    // All cores: the main thread has next to nothing to do.
    maxWorkers: availableParallelism(),
    projects: [
      {
        // Nothing here has state beyond a run, so that files need no modules of their own: half the time goes into loading them.
        test: {
          ...common,
          name: 'parts',
          isolate: false,
          include: ['{harness,systems-under-test,nemeses,checkers,histories,bench}/**/*.test.ts'],
          exclude: ['harness/cli/**', ...OF_THE_PROCESS],
        },
      },
      {
        test: { ...common, name: 'processes', include: OF_THE_PROCESS },
      },
      {
        // The command as users have it: compiled, in processes of its own.
        test: {
          ...common,
          name: 'cli',
          include: ['harness/cli/**/*.test.ts'],
          globalSetup: ['./vitest.setup.ts'],
        },
      },
    ],
  },
});

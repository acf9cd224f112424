import { defineConfig } from 'vitest/config';

// Plain text wherever the tests run: a CI service is taken for a terminal with colours.
const common = { testTimeout: 60_000, hookTimeout: 120_000, env: { NO_COLOR: '1' } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'parts',
          include: ['{harness,systems-under-test,nemeses,checkers,histories}/**/*.test.ts'],
          exclude: ['harness/cli/**'],
        },
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

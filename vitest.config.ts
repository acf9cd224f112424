import { defineConfig } from 'vitest/config';

const common = { testTimeout: 60_000, hookTimeout: 120_000 };

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

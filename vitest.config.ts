import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{harness,systems-under-test,nemeses,checkers,histories}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

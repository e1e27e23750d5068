import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/temporary-folder.ts', 'tests/postgres-server.ts'],
    // Two processors: more workers would only slow the browser and the database down.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: 'test-output/results.json' }]],
  },
});

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, the longest first (measured on two processors, more than half a minute each): whatever begins
 * last is short then, and no processor waits for the other at the end. What is not named here comes after them.
 */
const LONGEST: readonly string[] = [
  'e2e/first-start', 'viewer/app', 'e2e/outage', 'e2e/judge', 'viewer/people', 'faults/killed', 'validate/real-drives', 'shared/queue',
  'scorecard/run', 'e2e/attack', 'viewer/earnings', 'e2e/killed-server', 'training/identity', 'validate/camera/camera-checks', 'e2e/settings',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`));
  return found === -1 ? LONGEST.length : found;
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/temporary-folder.ts', 'tests/postgres-server.ts'],
    // Two processors: more workers would only slow the browser and the database down.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: 'test-output/results.json' }]],
  },
});

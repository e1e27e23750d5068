import { join } from 'node:path';
import { test } from 'vitest';

/** Real data that is not part of the project; without it such tests are skipped, and say so. */
const folder = process.env['WAYPROOF_DATA'];

export const testOnData = folder === undefined ? skipped : test;

export function dataPath(...parts: readonly string[]): string {
  return join(folder ?? '.', ...parts);
}

function skipped(name: string, _work: () => Promise<void> | void, _timeoutMs?: number): void {
  test.skip(`${name} (WAYPROOF_DATA is not set)`, () => {});
}

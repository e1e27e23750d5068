import { join } from 'node:path';
import { test } from 'vitest';

/** Real data that is not part of the project; without it such tests are skipped, and say so. */
const folder = process.env['WAYPROOF_DATA'];

export function dataPath(...parts: readonly string[]): string {
  return join(folder ?? '.', ...parts);
}

export function testOnData(name: string, work: () => Promise<void> | void, timeoutMs?: number): void {
  test.skipIf(folder === undefined)(folder === undefined ? `${name} (WAYPROOF_DATA is not set)` : name, work, timeoutMs);
}

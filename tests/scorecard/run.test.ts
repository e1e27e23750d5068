import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { toDriveFiles } from '../../fixtures/drive-folder.ts';
import { simulateDrive } from '../../fixtures/drive.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import type { Scorecard } from './scorecard.ts';
import { perform, SIMULATED_SEED, type Task } from './task.ts';

const folder = mkdtempSync(join(tmpdir(), 'wayproof-scorecard-'));
const CENTRE = { latDeg: 48.2125, lonDeg: 11.606 };
afterAll(() => rmSync(folder, { recursive: true }));

/** Drives as somebody would bring them: folders that no fold knows. */
function writeDrives(seeds: readonly number[]): void {
  for (const seed of seeds) {
    const network = makeCityBlock({ seed, centre: CENTRE, columns: 8, rows: 7 });
    const made = simulateDrive({ seed, network, startAtS: 1_780_000_000 + seed * 10_000, name: `brought-${seed}`, route: wanderingRoute(network, { seed, lengthM: 2600 }) });
    for (const { path, text } of toDriveFiles({ ...made, frames: [] })) {
      const file = join(folder, `brought-${seed}`, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function scorecard(...words: readonly string[]): Promise<Ended> {
  const { WAYPROOF_DATA: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'tests/scorecard/run.ts', ...words], { env, maxBuffer: 2 ** 26, cwd: join(import.meta.dirname, '../..') }, (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
  });
}

const share = expect.toSatisfy((value: unknown) => value === null || (typeof value === 'number' && value >= 0 && value <= 1));
const row = { auc: share, tpr_at_1pct: share, tpr_at_0_1pct: share };

test('drives that somebody brings are scored in one command, and --json has the keys of the issue', { timeout: 900_000 }, async () => {
  writeDrives([11, 12]);
  const { code, stdout, stderr } = await scorecard('--drives', folder, '--quick', '--json');
  expect(stderr.replaceAll(/\[[\d;?]*[a-zA-Z]/g, '').trim()).toBe('');
  expect(code).toBe(0);
  const card = JSON.parse(stdout) as Scorecard;
  expect(Object.keys(card)).toEqual(['macro', 'worst_drive_fpr', 'honest', 'attacks', 'unseen', 'dropouts', 'baselines', 'ablation']);
  expect(card.macro).toMatchObject(row);
  expect(card.worst_drive_fpr).toEqual(share);
  expect(card.honest).toMatchObject({ drives: 2, rejected: expect.any(Number), accepted_seconds_share: share, unverified_seconds_share: share });
  for (const name of ['teleport', 'drag-off', 'drag-off-180s', 'slow-drag', 'constant-offset', 'teleport-200m', 'identity', 'replay', 'parked-imu']) {
    const found = card.attacks[name]!;
    expect(found, name).toMatchObject(row);
    if (found.auc !== null) expect(found, name).toMatchObject({ shipped_rejected: share, shipped_not_accepted: share, delay_s: expect.toSatisfy((value: unknown) => value === null || Number(value) > 0) });
  }
  expect(Object.keys(card.unseen)).toEqual(['time-shift', 'frozen', 'wrong-turn', 'parked-imu']);
  expect(Object.keys(card.dropouts)).toEqual(['no_doppler', 'no_gyro', 'no_camera', 'imu_1hz']);
  expect(Object.keys(card.baselines)).toEqual(['thresholds', 'ekf', 'fusion']);
  for (const part of [card.unseen, card.dropouts, card.baselines, card.ablation]) for (const [name, figures] of Object.entries(part)) expect(figures, name).toMatchObject(row);
  // A large jump is found by everybody.
  expect(card.attacks['teleport-200m']!.auc).toBeGreaterThan(0.9);
});

test('without drives it says what to do', { timeout: 120_000 }, async () => {
  const { code, stderr } = await scorecard('--drives', join(folder, 'nowhere'));
  expect(code).toBe(2);
  expect(stderr).toContain('--drives');
});

test('the same seed measures the same, whoever works', { timeout: 600_000 }, async () => {
  const task: Task = { set: 'simulated', entry: 0, folder: null, made: { drives: 1, filmed: 0, lookAlikes: 0 }, effort: { seed: SIMULATED_SEED, attacksPerMinute: 0.1, variantsPerMinute: 0.1, dropOutsPerMinute: 0.01 }, only: null };
  const measured = (): Promise<unknown> => perform(task, { planned: () => {}, done: () => {} });
  expect(await measured()).toEqual(await measured());
});

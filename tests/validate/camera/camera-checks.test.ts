import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drive } from '../../../shared/model/drive.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { type DriveVerdict, TIERS } from '../../../shared/model/verdict.ts';
import { judgeWithNet } from '../../../validate/judge-with-net.ts';
import type { Net } from '../../../validate/net.ts';
import { cameraDrive, PICTURE_ATTACKS, type Weather } from '../../training/camera-drives.ts';
import { mapImu } from '../attacks.ts';
import { committedNet } from '../committed-net.ts';

let net: Net;
let clear: Drive;
let other: Drive;
beforeAll(async () => {
  net = await committedNet();
  clear = cameraDrive({ seed: 8001, lengthM: 900, spacingM: 6 });
  other = cameraDrive({ seed: 8002, lengthM: 900, spacingM: 6 });
}, 180_000);
afterAll(() => net.close());

/** Share of the windows that a camera check is made in, and in which one is over its limit. */
function cameraShares({ windows }: DriveVerdict): { readonly made: number; readonly over: number } {
  const of = (test: (check: { measured: number; limit: number; bound: string }) => boolean): number =>
    windows.filter(({ checks }) => Object.entries(checks).some(([name, check]) => name.startsWith('camera-') && test(check))).length / windows.length;
  return { made: of(() => true), over: of(({ measured, limit, bound }) => (bound === 'upper' ? measured > limit : measured < limit)) };
}

async function judged(drive: Drive): Promise<DriveVerdict> {
  return await judgeWithNet(net, drive, RECIPE);
}

describe('honest pictures', () => {
  test('of a street in the sun: every window is checked, none is over a limit, and the tier is A', async () => {
    const verdict = await judged(clear);
    expect(cameraShares(verdict)).toEqual({ made: 1, over: 0 });
    expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'A' });
  }, 120_000);

  test.each<Weather>(['fog', 'night', 'rear', 'jam'])('%s is not held against anybody', async (weather) => {
    const verdict = await judged(cameraDrive({ seed: 8010, lengthM: 500, weather, spacingM: 8 }));
    expect(verdict.verdict).toBe('accepted');
  }, 120_000);
});

test.each(['static', 'shuffled', 'swapped', 'mirrored', 'foreign-track'])('%s: over a limit in most windows, without a motion sensor too', async (name) => {
  const attacked = PICTURE_ATTACKS[name]!({ ...clear, imu: null }, other, 1);
  const verdict = await judged(attacked);
  expect(cameraShares(verdict).over).toBeGreaterThanOrEqual(0.6);
  expect(verdict.tier).not.toBe('A');
}, 120_000);

// A drive that is reversed as a whole looks like a camera that looks back, but for its corners.
test('the last third of the pictures in reverse order goes astray', async () => {
  const from = Math.round((2 * clear.frames.length) / 3);
  const { windows } = await judged(withPictures({ ...clear, imu: null }, (n) => clear.frames[n < from ? n : clear.frames.length - 1 - (n - from)]!.grey!));
  expect(windows.some(({ reasons }) => reasons.includes('camera_astray'))).toBe(true);
}, 60_000);

test('black pictures say nothing, and cost the camera\'s word', async () => {
  const verdict = await judged(withPictures(clear, () => new Uint8Array(64 * 36)));
  expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'B' });
}, 60_000);

/** Ways to leave a channel out or to zero it, on a drive with pictures. */
const LOSSES: Readonly<Record<string, (drive: Drive) => Drive>> = {
  'no pixels': (drive) => ({ ...drive, frames: drive.frames.map(({ grey: _grey, ...frame }) => frame) }),
  'black pictures': (drive) => withPictures(drive, () => new Uint8Array(64 * 36)),
  'no motion sensor': (drive) => ({ ...drive, imu: null }),
  'a zeroed motion sensor': (drive) => ({ ...drive, imu: drive.imu === null ? null : mapImu(drive.imu, (column) => column.map(() => 0)) }),
  'no gyroscope': (drive) => ({ ...drive, imu: drive.imu === null ? null : { ...drive.imu, gyroX: drive.imu.gyroX.map(() => NaN) } }),
  'no reported speed': (drive) => ({ ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, speedMps: null, courseDeg: null })) }),
  'positions that are all the same': (drive) => ({ ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, latDeg: 52, lonDeg: 5 })) }),
};

test.each(Object.keys(LOSSES))('%s never raises the tier, whatever was done to the pictures', async (loss) => {
  for (const name of ['identity', 'mirrored']) {
    const attacked = PICTURE_ATTACKS[name]!(clear, other, 2);
    const [before, after] = [await judged(attacked), await judged(LOSSES[loss]!(attacked))];
    expect(TIERS.indexOf(after.tier), `${name}: ${before.tier} became ${after.tier}`).toBeGreaterThanOrEqual(TIERS.indexOf(before.tier));
  }
}, 120_000);

test('the same pictures are judged alike alone and beside others', async () => {
  const some = await Promise.all([judged(clear), judged(clear)]);
  expect(new Set(some.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
}, 120_000);

function withPictures(drive: Drive, grey: (n: number) => Uint8Array): Drive {
  return { ...drive, frames: drive.frames.map((frame, n) => ({ ...frame, grey: grey(n) })) };
}

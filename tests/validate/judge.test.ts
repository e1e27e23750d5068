import { describe, expect, test } from 'vitest';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { recorded } from '../fixtures/block.ts';
import type { SimulatedDrive } from '../../fixtures/drive.ts';
import { teleport } from '../../fixtures/attacks/teleport.ts';
import { teleported } from './attacks.ts';
import { DESK, frameAt, madeDrive, photoFolder, ROUGH_ROAD, START_S } from './made-drive.ts';
import { judged } from './measured.ts';

const honest = madeDrive({ seconds: 600, imu: () => ROUGH_ROAD, framesEveryS: 5 });

function simulated({ gnss, imu, frames }: Pick<SimulatedDrive, 'gnss' | 'imu' | 'frames'>): Drive {
  return { ...honest, gnss, imu, frames: frames.map((frame, n) => frameAt(frame, n)) };
}

function later(drive: Drive, byS: number, isLater: (n: number) => boolean): Drive {
  return { ...drive, frames: drive.frames.map((frame, n) => (isLater(n) ? { ...frame, capturedAt: frame.capturedAt + byS } : frame)) };
}

describe('windows', () => {
  test('cover the whole drive, 64 s long and 16 s apart', () => {
    const { windows } = judged(honest);
    expect(windows[0]!.fromS).toBe(START_S);
    expect(windows.at(-1)!.toS).toBe(START_S + 600);
    for (const [n, { fromS, toS }] of windows.entries()) {
      expect(fromS).toBe(START_S + 16 * n);
      expect(toS - fromS).toBe(Math.min(64, 600 - 16 * n));
    }
  });

  test('a drive under 64 s is one window', () => {
    expect(judged(madeDrive({ seconds: 40 })).windows).toMatchObject([{ fromS: START_S, toS: START_S + 40 }]);
  });
});

describe('verdicts', () => {
  test('an honest drive with a motion sensor is accepted, tier B before there is a camera check', () => {
    const verdict = judged(honest);
    expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'B', tierReasons: [] });
    expect(verdict.frames).toHaveLength(121);
    expect(verdict.frames.every((frame) => frame.verdict === 'accepted' && frame.reasons.length === 0)).toBe(true);
  });

  test('a teleport without a motion sensor flags the frames around it and no others: one check alone does not reject', () => {
    const verdict = judged({ ...teleported(honest, { atS: START_S + 300, metres: 200, onCourseDeg: 0 }), imu: null });
    expect(verdict.verdict).toBe('flagged');
    for (const { tS, verdict: frame, reasons } of verdict.frames) {
      expect(frame, `${tS - START_S} s`).toBe(tS >= START_S + 272 && tS < START_S + 320 ? 'flagged' : 'accepted');
      expect(reasons).toEqual(frame === 'flagged' ? ['one_check_alone', 'speed_disagrees', 'teleport'] : []);
    }
  });

  test('a teleport that the motion sensor did not feel is rejected, the rest of the drive is not', () => {
    const verdict = judged(teleported(honest, { atS: START_S + 300, metres: 200, onCourseDeg: 0 }));
    expect(verdict.verdict).toBe('flagged');
    // The filter finds itself again within a stretch.
    for (const { tS, verdict: frame } of verdict.frames) {
      const atS = tS - START_S;
      expect(frame, `${atS} s`).toBe(atS >= 272 && atS < 320 ? 'rejected' : atS >= 320 && atS < 336 ? 'flagged' : 'accepted');
    }
  });

  test('a parked sensor under a driving track is rejected: force and gyroscope say so, each against another witness', () => {
    expect(judged(madeDrive({ seconds: 600, imu: () => DESK }))).toMatchObject({ verdict: 'rejected', tier: 'C' });
  });

  test('positions that leap, and a desk under a driving receiver', () => {
    const leaping = [60, 140, 220, 300, 380, 460, 540].reduce<Drive>(
      (drive, at, n) => teleported(drive, { atS: START_S + at, metres: 300, onCourseDeg: 180 * n }),
      madeDrive({ seconds: 600, imu: () => DESK, framesEveryS: 10 }),
    );
    expect(judged(leaping)).toMatchObject({ verdict: 'rejected', tier: 'C' });
  });

  test('one rejected stretch flags the drive', () => {
    const drive = madeDrive({ seconds: 900, imu: (t) => (t > 380 && t < 480 ? DESK : ROUGH_ROAD), framesEveryS: 10 });
    const verdict = judged(teleported(drive, { atS: START_S + 430, metres: 300, onCourseDeg: 20 }));
    expect(verdict.verdict).toBe('flagged');
    expect(verdict.frames.some((frame) => frame.verdict === 'rejected')).toBe(true);
  });

  test('a tunnel is unverified, not accused; the rest is accepted', () => {
    const verdict = judged({ ...madeDrive({ seconds: 900, lost: (t) => t > 300 && t < 500 }), frames: madeDrive({ seconds: 900, framesEveryS: 10 }).frames });
    expect(verdict.verdict).toBe('accepted');
    expect(verdict.frames.find(({ tS }) => tS === START_S + 400)).toMatchObject({ verdict: 'unverified', reasons: ['not_checkable'] });
    expect(verdict.frames.find(({ tS }) => tS === START_S + 310)).toMatchObject({ verdict: 'unverified' });
    expect(verdict.frames.find(({ tS }) => tS === START_S + 100)).toMatchObject({ verdict: 'accepted' });
  });

  test('a drive that is mostly tunnel is unverified', () => {
    expect(judged(madeDrive({ seconds: 600, lost: (t) => t > 100 && t < 500 })).verdict).toBe('unverified');
  });
});

describe('pictures without sensors', () => {
  test('six of a drone, 13.5 m and 7 s apart, are plausible: accepted, tier C', () => {
    const verdict = judged(photoFolder(6, { apartM: 13.5, apartS: 7 }));
    expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'C', tierReasons: ['no_motion_sensor'] });
    expect(verdict.frames.every((frame) => frame.verdict === 'accepted')).toBe(true);
  });

  test('twelve of a dashcam within three seconds are accepted', () => {
    expect(judged(photoFolder(12, { apartM: 2, apartS: 0.25 }))).toMatchObject({ verdict: 'accepted', tier: 'C' });
  });

  test.each([1, 2])('%d of them are too few to say anything', (count) => {
    const verdict = judged(photoFolder(count, { apartM: 10, apartS: 5 }));
    expect(verdict).toMatchObject({ verdict: 'unverified', tier: 'C', score: 0 });
    expect(verdict.frames.every(({ reasons }) => reasons[0] === 'too_short')).toBe(true);
  });

  test('one a minute leaves too much unsaid', () => {
    expect(judged(photoFolder(20, { apartM: 100, apartS: 60 })).verdict).toBe('unverified');
  });

  test('times that were asserted are tier C, sensors or not', () => {
    const asserted = { ...honest, frames: honest.frames.map((frame) => ({ ...frame, timeSource: 'asserted' as const })) };
    expect(judged(asserted)).toMatchObject({ verdict: 'accepted', tier: 'C', tierReasons: ['asserted_time'] });
  });
});

describe('drives with little in them', () => {
  test('no picture: judged all the same', () => {
    expect(judged({ ...honest, frames: [] })).toMatchObject({ verdict: 'accepted', tier: 'B', frames: [] });
  });

  test('no position', () => {
    expect(judged({ ...honest, gnss: [], frames: [] })).toMatchObject({ verdict: 'unverified', tier: 'C', score: 0, windows: [], frames: [] });
  });

  test('no position known to better than 100 m', () => {
    const lost = madeDrive({ seconds: 200, haccM: () => 800, framesEveryS: 10 });
    const verdict = judged(lost);
    expect(verdict).toMatchObject({ verdict: 'unverified', tier: 'C' });
    expect(verdict.frames.every((frame) => frame.verdict === 'unverified')).toBe(true);
  });

  test('a parked car is accepted, tier C: its sensor had nothing to agree with', () => {
    expect(judged(madeDrive({ seconds: 300, speedMps: () => 0, imu: () => DESK }))).toMatchObject({ verdict: 'accepted', tier: 'C' });
  });

  test('one fix', () => {
    expect(judged({ ...honest, gnss: honest.gnss.slice(0, 1), frames: honest.frames.slice(0, 1) })).toMatchObject({ verdict: 'unverified', frames: [{ verdict: 'unverified' }] });
  });
});

describe('parts', () => {
  const photos = photoFolder(40, { apartM: 10, apartS: 3 });

  test('pictures of two days are judged day by day, and the night between is nobody\'s', () => {
    const verdict = judged(later(photos, 86_400, (n) => n >= 20));
    expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'C' });
    expect(verdict.windows.map(({ fromS, toS }) => [fromS - START_S, toS - START_S])).toEqual([[0, 57], [86_460, 86_517]]);
    expect(verdict.frames.map(({ path }) => path)).toEqual(photos.frames.map(({ path }) => path));
  });

  test('one picture of a camera whose clock was reset is unverified, the others are not touched', () => {
    const verdict = judged(later(photos, -START_S, (n) => n === 5));
    expect(verdict.verdict).toBe('accepted');
    expect(verdict.frames.filter((frame) => frame.verdict !== 'accepted')).toMatchObject([{ path: 'frames/0005.jpg', verdict: 'unverified', reasons: ['too_short'] }]);
  });

  test('times over half a century cost no half a century of work', () => {
    const scattered = photoFolder(2000, { apartM: 10, apartS: 599 });
    const ages = { ...scattered, frames: scattered.frames.map((frame, n) => ({ ...frame, capturedAt: START_S - n * 800_000 })) };
    const began = performance.now();
    expect([judged(scattered).verdict, judged(ages).verdict]).toEqual(['unverified', 'unverified']);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  test('a motion sensor counts in every part', () => {
    const both = madeDrive({ seconds: 2000, imu: () => ROUGH_ROAD, lost: (t) => t > 400 && t < 1200 });
    const verdict = judged(both);
    expect(verdict).toMatchObject({ verdict: 'accepted', tier: 'B' });
    expect(verdict.windows.filter(({ checks }) => checks['stillness'] !== undefined)).toHaveLength(verdict.windows.length);
  });
});

describe('the simulator\'s drives', () => {
  test.each([1, 2, 3])('honest, seed %d', (seed) => {
    expect(judged(simulated(recorded(seed)))).toMatchObject({ verdict: 'accepted', tier: 'B' });
  });

  test('teleported 300 m away for 25 s', () => {
    const attack = { fromS: 1_780_000_060, forS: 25, distanceM: 300, bearingDeg: 65 };
    const { verdict, windows } = judged(simulated(teleport(recorded(2), attack)));
    expect(['flagged', 'rejected']).toContain(verdict);
    expect(windows.some((window) => window.verdict === 'rejected')).toBe(true);
  });
});

test('the receipt names what the verdict was derived from', () => {
  expect(judged(honest).receipt).toEqual({ recipe: RECIPE.version, modelSha256: null, inputSha256: honest.inputSha256, provider: 'cpu' });
});

import { describe, expect, test } from 'vitest';
import { displacement } from '../../validate/checks/displacement.ts';
import { speedAgreement } from '../../validate/checks/speed-agreement.ts';
import { teleported } from './attacks.ts';
import { madeDrive, photoFolder, START_S } from './made-drive.ts';
import { measuredBy, worstOf } from './measured.ts';

describe('what honest receivers do', () => {
  test.each([
    ['a motorway at 36 m/s', madeDrive({ seconds: 300, speedMps: () => 36 })],
    ['hard braking, 30 to 0 m/s in 4 s', madeDrive({ seconds: 120, speedMps: (t) => Math.max(0, Math.min(30, 30 - 7.5 * (t - 60))) })],
    ['a roundabout taken twice', madeDrive({ seconds: 200, speedMps: () => 9, courseDeg: (t) => (t > 60 && t < 110 ? (t - 60) * 30 : 0) })],
    ['a receiver that states no accuracy', madeDrive({ seconds: 200, haccM: () => null })],
    ['a fix every 5 s', madeDrive({ seconds: 300, stepS: 5, courseDeg: (t) => t / 2 })],
    ['a drone that takes a picture every 7 s', photoFolder(6, { apartM: 13.5, apartS: 7 })],
  ])('%s stays well within the limit', (_, drive) => {
    expect(worstOf(displacement, drive)).toBeLessThan(0.5);
  });

  test('one jump when a receiver finds itself again after a tunnel is no teleport', () => {
    const tunnel = madeDrive({ seconds: 300, lost: (t) => t > 100 && t < 160 });
    expect(worstOf(displacement, teleported(tunnel, { atS: START_S + 162, metres: 60, onCourseDeg: 10 }))).toBeLessThan(1);
  });

  test('one jump after a cold start is no teleport', () => {
    expect(worstOf(displacement, teleported(madeDrive({ seconds: 200 }), { atS: START_S + 5, metres: 70, onCourseDeg: 200 }))).toBeLessThan(1);
  });

  test.each([43, 78])('a provider switch of %d m beside a fix of poor accuracy is no teleport', (metres) => {
    const drive = madeDrive({ seconds: 200, haccM: (t) => (t === 100 ? 60 : 4) });
    expect(worstOf(displacement, teleported(drive, { atS: START_S + 100, metres, onCourseDeg: 300 }))).toBeLessThan(1);
  });
});

/** Indoors: a fix every 5 s, one of 40 m of radius before the leap and one after it. */
const indoors = madeDrive({ seconds: 200, stepS: 5, speedMps: () => 0.5, haccM: (t) => (t === 90 || t === 110 ? 40 : 20) });

test('a receiver that reports seldom is lost between two fixes of poor accuracy, whatever it says there', () => {
  expect(worstOf(displacement, teleported(indoors, { atS: START_S + 100, metres: 170, onCourseDeg: 220 }))).toBeLessThan(1);
  expect(worstOf(speedAgreement, teleported(indoors, { atS: START_S + 100, metres: 170, onCourseDeg: 220 })) ?? 0).toBeLessThan(1);
});

test.each([
  ['no poor fix after it', madeDrive({ seconds: 200, stepS: 5, speedMps: () => 0.5, haccM: (t) => (t === 90 ? 40 : 20) })],
  ['poor fixes too long before and after', madeDrive({ seconds: 200, stepS: 5, speedMps: () => 0.5, haccM: (t) => (t === 80 || t === 115 ? 40 : 20) })],
  ['a fix every second', madeDrive({ seconds: 200, speedMps: () => 0.5, haccM: (t) => (t === 95 || t === 105 ? 40 : 20) })],
])('with %s the same leap is one', (_, drive) => {
  expect(worstOf(displacement, teleported(drive, { atS: START_S + 100, metres: 170, onCourseDeg: 220 }))).toBeGreaterThan(1);
});

describe('what it catches', () => {
  test.each([50, 100, 500])('a teleport of %d m, in any direction', (metres) => {
    for (let course = 0; course < 360; course += 45) {
      const drive = teleported(madeDrive({ seconds: 200 }), { atS: START_S + 100, metres, onCourseDeg: course });
      expect(worstOf(displacement, drive), `towards ${course}°`).toBeGreaterThan(1);
    }
  });

  test('the second jump after a gap', () => {
    const tunnel = madeDrive({ seconds: 300, lost: (t) => t > 100 && t < 160 });
    const once = teleported(tunnel, { atS: START_S + 162, metres: 60, onCourseDeg: 10 });
    expect(worstOf(displacement, teleported(once, { atS: START_S + 166, metres: 60, onCourseDeg: 100 }))).toBeGreaterThan(1);
  });

  test('a gap that no road vehicle could have crossed', () => {
    const gap = madeDrive({ seconds: 300, lost: (t) => t > 100 && t < 160 });
    expect(worstOf(displacement, teleported(gap, { atS: START_S + 120, metres: 20_000, onCourseDeg: 10 }))).toBeGreaterThan(1);
  });

  test('a walk of photographs that leaps to another town', () => {
    expect(worstOf(displacement, teleported(photoFolder(20, { apartM: 13.5, apartS: 7 }), { atS: START_S + 70, metres: 5000, onCourseDeg: 0 }))).toBeGreaterThan(1);
  });
});

test('a window without enough fixes is not checked', () => {
  const gap = madeDrive({ seconds: 300, lost: (t) => t > 60 && t < 240 });
  expect(measuredBy(displacement, gap)[6]).toBeNull();
});

test('fixes known to no better than 100 m are no track', () => {
  const indoors = madeDrive({ seconds: 200, haccM: (t) => (t < 20 ? 4 : 900) });
  expect(measuredBy(displacement, teleported(indoors, { atS: START_S + 100, metres: 8000, onCourseDeg: 0 })).every((measurement) => measurement === null)).toBe(true);
});

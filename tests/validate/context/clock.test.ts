import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContextLine } from '../../../shared/model/context-verdict.ts';
import type { Drive } from '../../../shared/model/drive.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { impossibleClock, light } from '../../../validate/context/clock.ts';
import { sunElevationDeg } from '../../../validate/context/sun.ts';
import { madeDrive, START_S } from '../made-drive.ts';

const RULES = RECIPE.validate.context;
const DAY_S = 86_400;

/** A drive with pictures whose sky and street have these greys, at a time in Amsterdam. */
function pictured(atS: number, skyGrey: number, streetGrey: number): Drive {
  const drive = madeDrive({ seconds: 300, framesEveryS: 10 });
  const laterS = atS - START_S;
  const grey = Uint8Array.from({ length: 64 * 36 }, (_, n) => (n < 64 * 9 ? skyGrey : streetGrey) + (n % 3));
  return { ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, tS: fix.tS + laterS })), frames: drive.frames.map((frame) => ({ ...frame, capturedAt: frame.capturedAt + laterS, grey })) };
}

function beyond(lines: readonly ContextLine[]): readonly string[] {
  return lines.flatMap(({ check, reason, spans }) => (spans.length === 0 ? [] : [`${check} ${reason}`]));
}

const NOON_S = Date.UTC(2026, 5, 1, 11) / 1000;
const MIDNIGHT_S = Date.UTC(2026, 11, 1, 23) / 1000;

describe('the sun', () => {
  // From the tables of timeanddate.com and NOAA's solar calculator, to a tenth of a degree.
  test.each([
    ['Greenwich, noon of midsummer', [51.4779, 0], Date.UTC(2024, 5, 20, 12, 2), 61.96],
    ['the equator, noon of the equinox', [0, 0], Date.UTC(2024, 2, 20, 12, 7), 89.8],
    ['Boulder, midnight of midsummer', [40, -105], Date.UTC(2010, 5, 21, 7), -26.5],
  ] as const)('%s', (_, [latDeg, lonDeg], atMs, deg) => {
    expect(Math.abs(sunElevationDeg({ latDeg, lonDeg }, atMs / 1000) - deg)).toBeLessThan(0.4);
  });

  test('half a day and half a world later it stands as high, but for its slow way through the year', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e9 }), fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: -180, max: 0, noNaN: true }), (atS, latDeg, lonDeg) => {
      const here = sunElevationDeg({ latDeg, lonDeg }, atS);
      expect(Math.abs(here)).toBeLessThanOrEqual(90);
      expect(Math.abs(sunElevationDeg({ latDeg, lonDeg: lonDeg + 180 }, atS + DAY_S / 2) - here)).toBeLessThan(0.5);
    }));
  });
});

describe('light and time', () => {
  test('a day picture at midnight and a night picture at noon', () => {
    expect(beyond(light(pictured(MIDNIGHT_S, 160, 90), { ...RULES, nightSkyGrey: 100 }))).toEqual(['light-at-night light_differs']);
    expect(beyond(light(pictured(NOON_S, 15, 30), RULES))).toEqual(['dark-by-day light_differs']);
    expect(beyond(light(pictured(NOON_S, 160, 90), RULES))).toEqual([]);
    expect(beyond(light(pictured(MIDNIGHT_S, 40, 70), RULES))).toEqual([]);
  });

  test('a tunnel by day, a floodlit square by night and asserted times are no finding', () => {
    const tunnel = pictured(NOON_S, 160, 90);
    const dark = new Uint8Array(64 * 36).fill(12);
    expect(light({ ...tunnel, frames: tunnel.frames.map((frame, n) => (n < 20 ? { ...frame, grey: dark } : frame)) }, RULES).flatMap(({ spans }) => spans)).toEqual([]);
    const night = pictured(MIDNIGHT_S, 30, 60);
    expect(light({ ...night, frames: night.frames.map((frame, n) => (n < 12 ? { ...frame, grey: new Uint8Array(64 * 36).fill(200) } : frame)) }, RULES).flatMap(({ spans }) => spans)).toEqual([]);
    const asserted = pictured(MIDNIGHT_S, 160, 90);
    expect(light({ ...asserted, frames: asserted.frames.map((frame) => ({ ...frame, timeSource: 'asserted' })) }, RULES)).toEqual([]);
    expect(light(madeDrive({ seconds: 300, framesEveryS: 10 }), RULES)).toEqual([]);
  });
});

describe('a clock that cannot be', () => {
  test('ahead of the server, and before there were receivers', () => {
    const drive = madeDrive({ seconds: 300 });
    expect(beyond(impossibleClock(drive, START_S + 400, RULES))).toEqual([]);
    expect(beyond(impossibleClock(drive, START_S + 100, RULES))).toEqual(['clock-ahead clock_impossible']);
    expect(beyond(impossibleClock(drive, START_S + 290, RULES))).toEqual([]);
    expect(beyond(impossibleClock({ ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, tS: fix.tS - START_S })) }, START_S, RULES))).toEqual(['clock-behind clock_impossible']);
    expect(beyond(impossibleClock(drive, null, RULES))).toEqual([]);
  });
});

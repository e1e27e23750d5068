import { describe, expect, test } from 'vitest';
import type { Drive } from '../../shared/model/drive.ts';
import { moved } from '../../shared/model/geo.ts';
import { speedAgreement } from '../../validate/checks/speed-agreement.ts';
import { teleported } from './attacks.ts';
import { madeDrive, photoFolder, START_S } from './made-drive.ts';
import { worstOf } from './measured.ts';

const stopAndGo = (t: number): number => Math.max(0, 12 * Math.sin(t / 12));

/** Positions slide off from `fromS` on, while the receiver's own speed stays. */
function dragged(drive: Drive, { fromS, driftMps }: { readonly fromS: number; readonly driftMps: number }): Drive {
  return { ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, ...moved(fix, Math.max(0, fix.tS - fromS) * driftMps, 160) })) };
}

function withoutCourse(drive: Drive): Drive {
  return { ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, courseDeg: null })) };
}

describe('what honest receivers do', () => {
  test.each([
    ['stop and go', madeDrive({ seconds: 300, speedMps: stopAndGo })],
    ['stop and go without a course', withoutCourse(madeDrive({ seconds: 300, speedMps: stopAndGo }))],
    ['a winding road', madeDrive({ seconds: 300, courseDeg: (t) => 90 * Math.sin(t / 10) })],
    ['a fix every 3 s', madeDrive({ seconds: 300, stepS: 3, speedMps: stopAndGo })],
  ])('%s stays well within the limit', (_, drive) => {
    expect(worstOf(speedAgreement, drive)).toBeLessThan(0.5);
  });

  test('speeds reported a second late', () => {
    const { gnss, ...rest } = madeDrive({ seconds: 300, speedMps: stopAndGo, courseDeg: (t) => 60 * Math.sin(t / 8) });
    const late = { ...rest, gnss: gnss.slice(1).map((fix, n) => ({ ...fix, speedMps: gnss[n]!.speedMps, courseDeg: gnss[n]!.courseDeg })) };
    expect(worstOf(speedAgreement, late)).toBeLessThan(0.5);
  });

  test('a jump of 25 m after a handled phone lost its sky', () => {
    const drive = madeDrive({ seconds: 200, haccM: (t) => (t > 90 && t < 110 ? 25 : 4) });
    expect(worstOf(speedAgreement, teleported(drive, { atS: START_S + 100, metres: 25, onCourseDeg: 0 }))).toBeLessThan(1);
  });
});

describe('what it catches', () => {
  test.each([60, 150, 500])('a teleport of %d m', (metres) => {
    expect(worstOf(speedAgreement, teleported(madeDrive({ seconds: 200 }), { atS: START_S + 100, metres, onCourseDeg: 250 }))).toBeGreaterThan(1);
  });

  test('positions that slide off at 3 m/s', () => {
    expect(worstOf(speedAgreement, dragged(madeDrive({ seconds: 300, speedMps: stopAndGo }), { fromS: START_S + 100, driftMps: 3 }))).toBeGreaterThan(1);
  });

  test('positions that stand still while the receiver reports 14 m/s, course or not', () => {
    const drive = madeDrive({ seconds: 200 });
    const frozen = { ...drive, gnss: drive.gnss.map((fix) => (fix.tS < START_S + 80 ? fix : { ...fix, latDeg: drive.gnss[80]!.latDeg, lonDeg: drive.gnss[80]!.lonDeg })) };
    expect(worstOf(speedAgreement, frozen)).toBeGreaterThan(1);
    expect(worstOf(speedAgreement, withoutCourse(frozen))).toBeGreaterThan(1);
  });
});

test.each([
  ['without a reported speed', madeDrive({ seconds: 200, hasDoppler: false })],
  ['of photographs', photoFolder(30, { apartM: 10, apartS: 2 })],
])('a drive %s is not checked', (_, drive) => {
  expect(worstOf(speedAgreement, drive)).toBeNull();
});

import { describe, expect, test } from 'vitest';
import { turnDeg } from '../../shared/model/geo.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { evidenceOf, evidenceWithin, withPublicPlaces } from '../../validate/evidence.ts';
import { madeDrive, ROUGH_ROAD, START_S } from './made-drive.ts';
import { judged } from './measured.ts';

const rules = RECIPE.validate;
/** Bends to the right, straight on, to the left. */
const bends = (atS: number): number => 70 + 40 * Math.sin(atS / 20);
const bendsDegps = (atS: number): number => 2 * Math.cos(atS / 20);

/** A drive whose gyroscope, mounted any way, turns with the road. `up` is where the device feels up. */
function turning(up: readonly [number, number, number], biasRadps = 0) {
  const made = madeDrive({ seconds: 240, courseDeg: bends, imu: () => ROUGH_ROAD });
  const imu = made.imu!;
  const along = (axis: number) => imu.tS.map((tS) => (-bendsDegps(tS - START_S) * Math.PI / 180 + biasRadps) * up[axis]!);
  const lift = (column: Float64Array, axis: number) => column.map((value) => value - (axis === 2 ? 9.81 : 0) + 9.81 * up[axis]!);
  return {
    ...made,
    imu: { ...imu, gyroX: along(0), gyroY: along(1), gyroZ: along(2), forceX: lift(imu.forceX, 0), forceY: lift(imu.forceY, 1), forceZ: lift(imu.forceZ, 2) },
  };
}

function evidence(drive: ReturnType<typeof madeDrive>, most?: number) {
  return evidenceOf(drive, judged(drive).windows, rules, most);
}

describe('the course by the motion sensor', () => {
  test.each([[[0, 0, 1]], [[0, -1, 0]], [[0.6, 0, 0.8]]] as const)('follows the road whichever way the device is mounted: up is %j', (up) => {
    const { gnssCourseDeg, imuCourseDeg } = evidence(turning(up));
    const apart = imuCourseDeg.flatMap((course, k) => (course === null || gnssCourseDeg[k] === null ? [] : [Math.abs(turnDeg(course, gnssCourseDeg[k]!))])).toSorted((a, b) => a - b);
    expect(apart.length).toBeGreaterThan(230);
    expect(apart[apart.length >> 1]).toBeLessThan(3);
    expect(apart.at(-1)).toBeLessThan(15);
  });

  test('a bias is not carried from one window to the next', () => {
    const { gnssCourseDeg, imuCourseDeg } = evidence(turning([0, 0, 1], 0.01));
    for (let k = 0; k < 240; k += 1) if (imuCourseDeg[k] !== null && gnssCourseDeg[k] !== null) expect(Math.abs(turnDeg(imuCourseDeg[k]!, gnssCourseDeg[k]!))).toBeLessThan(0.01 * 57.3 * 32 + 12);
  });

  test('a parked sensor shows no bend where the track has one', () => {
    const drive = turning([0, 0, 1]);
    const still = drive.imu.gyroX.map(() => 0);
    const { imuCourseDeg } = evidence({ ...drive, imu: { ...drive.imu, gyroX: still, gyroY: still, gyroZ: still } });
    expect(new Set(imuCourseDeg.slice(0, 64)).size).toBe(1);
  });

  test('is nothing without a gyroscope, and without a sensor', () => {
    const drive = turning([0, 0, 1]);
    const none = drive.imu.gyroX.map(() => NaN);
    expect(evidence({ ...drive, imu: { ...drive.imu, gyroX: none, gyroY: none, gyroZ: none } }).imuCourseDeg.every((course) => course === null)).toBe(true);
    const bare = evidence({ ...drive, imu: null });
    expect([bare.limits.vibrationMps2, new Set(bare.imuCourseDeg), new Set(bare.vibrationMps2)]).toEqual([null, new Set([null]), new Set([null])]);
  });
});

describe('the evidence', () => {
  test('has columns of one length, a row a second, and the windows of the verdict', () => {
    const drive = madeDrive({ seconds: 200, imu: () => ROUGH_ROAD });
    const { tS, limits, windows, ...columns } = evidence(drive);
    expect(tS).toEqual(Array.from({ length: 201 }, (_, k) => START_S + k));
    for (const column of Object.values(columns)) expect(column).toHaveLength(201);
    expect(columns.gnssSpeedMps[50]).toBeCloseTo(14, -1);
    expect(columns.reportedSpeedMps[50]).toBeCloseTo(14, 0);
    expect(columns.latDeg[50]).toBeCloseTo(drive.gnss[50]!.latDeg, 6);
    expect(limits).toEqual({ speedMps: 70, movingMps: 5, vibrationMps2: 0.09 });
    expect(windows).toEqual(judged(drive).windows.map(({ fromS, toS, verdict, reasons }) => ({ fromS, toS, verdict, reasons })));
  });

  test('invents nothing: a tunnel is null in every column but the motion sensor\'s', () => {
    const { gnssSpeedMps, reportedSpeedMps, gnssCourseDeg, latDeg, vibrationMps2, imuCourseDeg } = evidence(madeDrive({ seconds: 300, imu: () => ROUGH_ROAD, lost: (atS) => atS > 100 && atS < 180 }));
    for (const column of [gnssSpeedMps, reportedSpeedMps, gnssCourseDeg, latDeg]) expect(new Set(column.slice(101, 180))).toEqual(new Set([null]));
    expect(vibrationMps2.slice(101, 179).every((value) => value !== null)).toBe(true);
    // The second window lies in the tunnel altogether but for its first half, to which it is aligned.
    expect(imuCourseDeg.slice(101, 128).every((value) => value !== null)).toBe(true);
  });

  test('a long pause is one row of nulls, not hours of them', () => {
    const { tS, gnssSpeedMps } = evidence(madeDrive({ seconds: 4000, lost: (atS) => atS > 100 && atS < 3900 }));
    expect([tS[100], tS[101], tS[102]]).toEqual([START_S + 100, START_S + 101, START_S + 3900]);
    expect(gnssSpeedMps[101]).toBe(null);
    expect(tS).toHaveLength(203);
  });

  test('a drive of many seconds is thinned, in steps of one length', () => {
    const { tS, gnssSpeedMps } = evidence(madeDrive({ seconds: 400 }), 150);
    expect(tS.slice(0, 3)).toEqual([START_S, START_S + 3, START_S + 6]);
    expect(tS.length).toBeLessThanOrEqual(150);
    expect(gnssSpeedMps).toHaveLength(tS.length);
  });

  test('a part of it', () => {
    const whole = evidence(madeDrive({ seconds: 400, imu: () => ROUGH_ROAD }));
    const part = evidenceWithin(whole, START_S + 100, START_S + 110);
    expect(part.tS).toEqual(whole.tS.slice(100, 111));
    expect(part.vibrationMps2).toEqual(whole.vibrationMps2.slice(100, 111));
    expect(part.windows.every(({ fromS, toS }) => fromS <= START_S + 110 && toS > START_S + 100)).toBe(true);
    expect(part.windows.length).toBeGreaterThan(0);
  });

  test('others see no position that is private, or of which nobody said that it is not', () => {
    const whole = evidence(madeDrive({ seconds: 300 }));
    const frames = [20, 40, 60, 80, 200, 220].map((atS) => ({ capturedS: START_S + atS, isPrivate: atS === 20 || atS === 220 }));
    const { latDeg, lonDeg, gnssSpeedMps } = withPublicPlaces(whole, frames, 60);
    const shown = latDeg.flatMap((value, k) => (value === null ? [] : [k]));
    expect([shown[0], shown.at(-1), shown.length]).toEqual([40, 79, 40]);
    expect(lonDeg.map((value) => value === null)).toEqual(latDeg.map((value) => value === null));
    expect(gnssSpeedMps).toEqual(whole.gnssSpeedMps);
    expect(new Set(withPublicPlaces(whole, [], 60).latDeg)).toEqual(new Set([null]));
  });
});

import { describe, expect, test } from 'vitest';
import { demoDrives, demoNetwork } from '../../fixtures/demo.ts';
import type { Drive, ImuSeries } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { fillWindow, NET_CHANNELS, NET_COLUMNS, NET_CONTEXT_S, NET_GROUPS, NET_SECONDS, netColumns, netWindows } from '../../validate/net-input.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { madeDrive, ROUGH_ROAD } from './made-drive.ts';

const [ada] = demoDrives({ network: demoNetwork(), endsAtS: 1_780_000_000 });
const drive: Drive = { ...madeDrive({ seconds: 1 }), gnss: ada!.gnss, imu: ada!.imu };

function columns(of: Drive): Readonly<Record<string, Float32Array>> {
  const all = netColumns(sketchOf(of, RECIPE.validate)!).columns;
  const names = [...NET_COLUMNS.map(({ name }) => name), ...NET_GROUPS.map((group) => `has_${group}`)];
  return Object.fromEntries(all.map((column, n) => [names[n]!, column]));
}

const here = columns(drive);

describe('what the net is shown', () => {
  test('turns of the sensor are the turns of the course, on the same side', () => {
    expect(correlation(here['sensor_turn']!, here['reported_turn']!)).toBeGreaterThan(0.6);
  });

  test('forces, once turned, are the vehicle\'s: forward is its acceleration, right its cornering', () => {
    expect(correlation(here['forward_force']!, here['reported_acceleration']!)).toBeGreaterThan(0.4);
    expect(correlation(here['right_force']!, here['sensor_turn']!)).toBeGreaterThan(0.5);
    expect(median(here['mounting_agreement']!)).toBeGreaterThan(0.5);
  });

  test('how the device is mounted does not matter', () => {
    const turned = columns({ ...drive, imu: permuted(drive.imu!) });
    for (const { name } of NET_COLUMNS) for (const [k, value] of here[name]!.entries()) expect(turned[name]![k], `${name} at ${k}`).toBeCloseTo(value, 3);
  });

  test('all of it is finite and bounded', () => {
    for (const column of Object.values(here)) expect(column.every((value) => Number.isFinite(value) && Math.abs(value) <= 5)).toBe(true);
  });

  test('what is missing is zero, and said to be', () => {
    const bare = columns({ ...drive, imu: null, gnss: drive.gnss.map((fix) => ({ ...fix, speedMps: null, courseDeg: null })) });
    for (const { name, needs } of NET_COLUMNS) if (needs.some((group) => group !== 'position')) expect(bare[name]!.every((value) => value === 0), name).toBe(true);
    expect(NET_GROUPS.map((group) => bare[`has_${group}`]!.some((value) => value === 1))).toEqual([true, false, false, false, false]);
  });
});

test('a short window is filled up with missing seconds', () => {
  const sketch = sketchOf(madeDrive({ seconds: 40, imu: () => ROUGH_ROAD }), RECIPE.validate)!;
  const [only, ...others] = netWindows(sketch, RECIPE.validate);
  expect(others).toEqual([]);
  const into = new Float32Array(NET_CHANNELS * NET_SECONDS);
  fillWindow(into, 0, netColumns(sketch), only!.window);
  const hasPosition = into.subarray(NET_COLUMNS.length * NET_SECONDS, (NET_COLUMNS.length + 1) * NET_SECONDS);
  expect([-1, 0, 39, 41, 63].map((second) => hasPosition[NET_CONTEXT_S + second])).toEqual([0, 1, 1, 0, 0]);
});

test('a window that is hardly covered is not shown to the net', () => {
  expect(netWindows(sketchOf(madeDrive({ seconds: 64, lost: (atS) => atS > 10 && atS < 60 }), RECIPE.validate)!, RECIPE.validate)).toEqual([]);
});

/** Axes renamed, a proper rotation: x→y→z→x. */
function permuted(imu: ImuSeries): ImuSeries {
  return { ...imu, forceX: imu.forceZ, forceY: imu.forceX, forceZ: imu.forceY, gyroX: imu.gyroZ, gyroY: imu.gyroX, gyroZ: imu.gyroY };
}

function correlation(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [a, b].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length) as [number, number];
  const sum = (of: (k: number) => number): number => a.reduce((total, _, k) => total + of(k), 0);
  return sum((k) => (a[k]! - meanA) * (b[k]! - meanB)) / Math.sqrt(sum((k) => (a[k]! - meanA) ** 2) * sum((k) => (b[k]! - meanB) ** 2));
}

function median(values: Float32Array): number {
  return values.toSorted()[values.length >> 1]!;
}

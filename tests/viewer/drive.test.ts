import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_STATES } from '../../shared/model/frame-state.ts';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import type { DriveCounts, DriveFrame } from '../../viewer/answers.ts';
import { hasLeast, nearnessOf, shareOfLimit } from '../../viewer/nearness.ts';
import { isShown, runsOf } from '../../viewer/runs.ts';
import { statusOf } from '../../viewer/status.ts';
import { addendsOf, totalOf } from '../../viewer/sum.ts';
import { checksAt } from '../../viewer/worst-window.ts';
import { boundsOf, nearestTo, trackOf } from '../../viewer/track.ts';

const frames = fc.array(fc.record({
  state: fc.constantFrom(...FRAME_STATES), sequence: fc.integer({ min: 0, max: 2 }),
  latDeg: fc.option(fc.double({ min: -80, max: 80, noNaN: true })), lonDeg: fc.option(fc.double({ min: -179, max: 179, noNaN: true })), points: fc.constantFrom('0', '12'),
})).map((rows) => rows.map((row, n) => ({ ...row, path: `${n}.jpg` }) as unknown as DriveFrame));

describe('a drive', () => {
  test('received is the sum of its parts, for one drive and for all', () => {
    const counts = fc.record(Object.fromEntries(['processing', 'accepted', 'flagged', 'rejected', 'unverified', 'refused', 'dropped', 'withdrawn', 'taken_down'].map((name) => [name, fc.nat(9999)])));
    fc.assert(fc.property(fc.array(counts), (drives) => {
      const all = drives.map((parts) => ({ ...parts, received: Object.values(parts).reduce((a, b) => a + b, 0), private: 0 }) as unknown as DriveCounts);
      const total = totalOf(all);
      expect(addendsOf(total).reduce((sum, { frames }) => sum + frames, 0)).toBe(total.received);
    }));
  });

  test('runs cover every frame once, in order', () => {
    fc.assert(fc.property(frames, (all) => {
      const covered = runsOf(all).flatMap(({ from, to, status }) => all.slice(from, to).map((frame) => ({ frame, status })));
      expect(covered.map(({ frame }) => frame)).toEqual(all);
      expect(covered.every(({ frame, status }) => statusOf(frame.state) === status)).toBe(true);
    }));
  });

  test('the track has a point for every frame with a place, and joins no two sequences', () => {
    fc.assert(fc.property(frames, (all) => {
      const placed = all.filter(({ latDeg, lonDeg }) => latDeg !== null && lonDeg !== null);
      const { features } = trackOf(all);
      expect(features.filter(({ geometry }) => geometry.type === 'Point').length).toBe(placed.length);
      const bounds = boundsOf(all);
      expect(bounds === null).toBe(placed.length === 0);
    }));
    const lines = trackOf([at(1, 0), at(2, 0), at(3, 1), at(4, 1)]).features.filter(({ geometry }) => geometry.type === 'LineString');
    expect(lines.map(({ geometry }) => (geometry.type === 'LineString' ? geometry.coordinates : []))).toEqual([[[1, 48], [2, 48]], [[3, 48], [4, 48]]]);
    expect(nearestTo([at(1, 0), at(2, 0)], [1.7, 48.2])?.path).toBe('2');
  });

  test('a filter shows what it says', () => {
    fc.assert(fc.property(frames, (all) => {
      expect(all.filter((frame) => isShown(frame, 'all'))).toEqual(all);
      expect(all.filter((frame) => isShown(frame, 'left-out')).every(({ state }) => state === 'refused' || state === 'dropped')).toBe(true);
      expect(all.filter((frame) => isShown(frame, 'unpaid')).every(({ points }) => points === '0')).toBe(true);
    }));
  });
});

function at(n: number, sequence: number): DriveFrame {
  return { path: `${n}`, state: 'accepted', sequence, latDeg: 48, lonDeg: n } as unknown as DriveFrame;
}

function window(fromS: number, score: number): WindowVerdict {
  return {
    fromS, toS: fromS + 60, score, verdict: 'accepted', reasons: [],
    checks: { displacement: { measured: score * 10, limit: 9, unit: 'm', bound: 'upper', atS: fromS, score } },
  };
}

describe('the checks behind a frame', () => {
  test('are those of the worst window over its time', () => {
    const windows = [window(0, 0.2), window(16, 0.9), window(32, 0.4), window(100, 1)];
    expect(checksAt(windows, '1970-01-01T00:00:40Z').map(({ measured }) => measured)).toEqual([9]);
    expect(checksAt(windows, '1970-01-01T00:00:10Z').map(({ measured }) => measured)).toEqual([2]);
    expect(checksAt(windows, '1970-01-01T00:05:00Z')).toEqual([]);
    expect(checksAt(windows, null)).toEqual([]);
  });
});

describe('how near a value is to its limit', () => {
  test('upwards and downwards', () => {
    const check = { name: 'speed-agreement', measured: 3.6, limit: 4, unit: 'm/s', score: 0.5 };
    expect([shareOfLimit(check), nearnessOf(check), hasLeast(check)]).toEqual([0.9, 'close', false]);
    expect(nearnessOf({ ...check, measured: 4.1 })).toBe('over');
    expect(nearnessOf({ ...check, measured: 1 })).toBe('within');
    const still = { name: 'stillness', measured: 0.05, limit: 0.06, unit: 'm/s²', score: 0.9, bound: 'lower' } as const;
    expect([nearnessOf(still), hasLeast(still)]).toEqual(['over', true]);
    expect(nearnessOf({ ...still, measured: 0.6 })).toBe('within');
    expect(shareOfLimit({ ...still, measured: 0 })).toBe(2);
  });
});

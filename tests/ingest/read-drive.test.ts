import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FrameRow, Sensors } from '../../ingest/importers/drive-folder.ts';
import type { PictureMetadata } from '../../ingest/picture-metadata.ts';
import { type FrameOutcome, type Picture, readDrive, type ReadDrive } from '../../ingest/read-drive.ts';
import type { GnssFix } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { frameId, metadata, wallClock } from './pictures.ts';

const T = Date.UTC(2026, 5, 1, 10) / 1000;

function fix(tS: number, latDeg: number, lonDeg: number, more: Partial<GnssFix> = {}): GnssFix {
  return { tS, latDeg, lonDeg, altM: null, speedMps: null, courseDeg: null, haccM: null, vaccM: null, saccMps: null, hdop: null, satellites: null, ...more };
}

function row(path: string, more: Partial<FrameRow> = {}): FrameRow {
  return { path, tS: null, latDeg: null, lonDeg: null, altM: null, headingDeg: null, speedMps: null, haccM: null, ...more };
}

function at(latDeg: number, lonDeg: number): Pick<PictureMetadata, 'position'> {
  return { position: { kind: 'at', latDeg, lonDeg } };
}

/** The wall clock, in UTC, `s` seconds into the drive. */
function clock(s: number): Pick<PictureMetadata, 'localTime' | 'offsetMinutes'> {
  return { localTime: wallClock(new Date((T + s) * 1000).toISOString().slice(0, -1)), offsetMinutes: 0 };
}

function read(pictures: readonly Partial<PictureMetadata>[], sensors: Partial<Sensors> = {}): ReadDrive {
  return readFolder(pictures.map((known, n): Picture => ({ path: `${n}.jpg`, id: frameId(n), ordinal: n, metadata: metadata(known) })), sensors);
}

function readFolder(pictures: readonly Picture[], sensors: Partial<Sensors> = {}): ReadDrive {
  return readDrive({
    sensors: { name: null, device: { make: null, model: null, serial: null }, gnss: [], imu: null, frameRows: [], refused: [], refusedCount: 0, ...sensors },
    pictures,
    times: { asserted: null, cameraOffsetS: null },
    rules: RECIPE.ingest,
  });
}

function shown(outcomes: readonly FrameOutcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map((outcome) => (outcome.kind === 'kept' ? [outcome.frame.path, 'kept'] : [outcome.path, `${outcome.kind} ${outcome.refusal.code}`])));
}

describe('frames.csv', () => {
  test('overrides Exif field by field, and leaves the rest to it', () => {
    const picture = { ...clock(0), ...at(48, 2), altM: 10, headingDeg: 20, speedMps: 3, haccM: 4 };
    const [frame] = read([picture], { frameRows: [row('0.jpg', { tS: T + 5, headingDeg: 370, speedMps: 9 })] }).frames;
    expect(frame).toMatchObject({ capturedAt: T + 5, timeSource: 'track', latDeg: 48, positionSource: 'exif', altM: 10, headingDeg: 10, speedMps: 9, haccM: 4 });
    const [moved] = read([picture], { frameRows: [row('0.jpg', { latDeg: 49, lonDeg: 3 })] }).frames;
    expect(moved).toMatchObject({ capturedAt: T, timeSource: 'exif', latDeg: 49, lonDeg: 3, positionSource: 'frames.csv', headingDeg: 20 });
  });

  test('half a position is none', () => {
    expect(read([{ ...clock(0), ...at(48, 2) }], { frameRows: [row('0.jpg', { latDeg: 49 })] }).frames[0]).toMatchObject({ latDeg: 48, positionSource: 'exif' });
  });

  test('with impossible values is refused, whatever Exif says', () => {
    const picture = { ...clock(0), ...at(48, 2) };
    const outcome = (more: Partial<FrameRow>) => shown(read([picture], { frameRows: [row('0.jpg', more)] }).outcomes)['0.jpg'];
    expect(outcome({ latDeg: 91, lonDeg: 0 })).toBe('refused position_invalid');
    expect(outcome({ latDeg: 0.001, lonDeg: 0 })).toBe('refused null_island');
    for (const tS of [-1, 0, 1e300, T * 1000]) expect(outcome({ tS })).toBe('refused time_invalid');
  });
});

describe('a position from the track', () => {
  const gnss = [fix(T, 48, 2, { altM: 100, speedMps: 10, haccM: 3 }), fix(T + 4, 48.0004, 2.0004, { altM: 104, speedMps: 14, haccM: 5 }), fix(T + 10, 48.01, 2.01), fix(T + 12, 48.011, 2.011)];
  const positionAt = (s: number) => read([clock(s)], { gnss }).frames[0] ?? null;

  test('is interpolated between two close fixes, with what they know', () => {
    expect(positionAt(1)).toMatchObject({ positionSource: 'track', altM: 101, speedMps: 11, haccM: 3.5 });
    expect(positionAt(1)!.latDeg).toBeCloseTo(48.0001, 9);
    expect(positionAt(4)).toMatchObject({ latDeg: 48.0004, lonDeg: 2.0004 });
    expect(positionAt(11)).toMatchObject({ altM: null, speedMps: null });
  });

  test('is never invented over a gap or beyond the ends', () => {
    expect(shown(read([clock(5), clock(-0.5), clock(12.5)], { gnss }).outcomes)).toEqual({ '0.jpg': 'refused no_position', '1.jpg': 'refused outside_track', '2.jpg': 'refused outside_track' });
    expect(shown(read([clock(5)]).outcomes)).toEqual({ '0.jpg': 'refused no_position' });
  });

  test('is not asked where the picture has its own', () => {
    expect(read([{ ...clock(5), ...at(47, 3) }], { gnss }).frames[0]).toMatchObject({ latDeg: 47, positionSource: 'exif' });
  });

  test('passes the antimeridian the short way', () => {
    const over = [fix(T, -17, 179.9995), fix(T + 2, -17, -179.9995)];
    for (const s of [0.5, 1, 1.5]) expect(Math.abs(read([clock(s)], { gnss: over }).frames[0]!.lonDeg)).toBeGreaterThan(179.99);
  });
});

describe('what cannot be used', () => {
  test('has its own reason', () => {
    expect(shown(read([
      { ...clock(0) }, { ...at(48, 2) }, { ...clock(0), ...at(0, 0) }, { ...clock(0), position: { kind: 'invalid', lat: 'NaN', lon: '2' } }, { damage: 'cut off' }, { ...at(48, 2), damage: null, localTime: null, gpsTimeS: T },
    ]).outcomes)).toEqual({ '0.jpg': 'refused no_position', '1.jpg': 'refused no_time', '2.jpg': 'refused null_island', '3.jpg': 'refused position_invalid', '4.jpg': 'refused exif_damaged', '5.jpg': 'kept' });
  });

  test('damaged metadata does no harm where others know time and place', () => {
    expect(read([{ damage: 'cut off' }], { frameRows: [row('0.jpg', { tS: T, latDeg: 48, lonDeg: 2 })] }).frames).toHaveLength(1);
  });

  test('a corrected clock is remarked', () => {
    const { notes } = read([{ ...clock(0), ...at(48, 2), gpsTimeS: T - 3600 }]);
    expect(notes).toEqual([{ code: 'clock_differs', detail: { value: -3600 } }]);
  });
});

test('the device is drive.json\'s, else the first camera\'s', () => {
  expect(read([{}, { make: 'Cam', model: 'X', serial: '7' }], { device: { make: 'Box', model: null, serial: null } }).device).toEqual({ make: 'Box', model: 'X', serial: '7' });
});

test('laws: in = kept + refused + dropped, each once; kept ones by time; the order of the folder changes nothing but asserted times', () => {
  const shot = fc.record({
    id: fc.integer({ min: 0, max: 6 }), s: fc.option(fc.integer({ min: 0, max: 400 }), { nil: null }), step: fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }), wrong: fc.constantFrom('none', 'null island', 'damaged'),
  });
  fc.assert(fc.property(fc.array(shot, { maxLength: 30 }), (shots) => {
    const pictures = shots.map(({ id, s, step, wrong }, n): Picture => ({
      path: `${String(n).padStart(3, '0')}.jpg`, id: frameId(id), ordinal: n,
      metadata: metadata({ ...(s === null ? {} : clock(s)), ...(step === null ? {} : at(wrong === 'null island' ? 0 : 48 + step * 1e-4, wrong === 'null island' ? 0 : 2)), damage: wrong === 'damaged' ? 'x' : null }),
    }));
    const { outcomes, frames } = readFolder(pictures);
    const paths = outcomes.map((outcome) => (outcome.kind === 'kept' ? outcome.frame.path : outcome.path));
    expect(paths.toSorted()).toEqual(pictures.map(({ path }) => path).toSorted());
    expect(outcomes.filter(({ kind }) => kind === 'kept')).toHaveLength(frames.length);
    expect(new Set(frames.map(({ id }) => id)).size).toBe(frames.length);
    for (let n = 1; n < frames.length; n += 1) {
      expect(frames[n]!.capturedAt).toBeGreaterThanOrEqual(frames[n - 1]!.capturedAt);
      expect(frames[n]!.sequence).toBeGreaterThanOrEqual(frames[n - 1]!.sequence);
    }
    // What a dropped frame is said to copy was kept, or is itself such a copy of the same bytes.
    const ids = new Set(pictures.map(({ id }) => id));
    for (const outcome of outcomes) if (outcome.kind === 'dropped') expect(ids.has(outcome.duplicateOf)).toBe(true);
    expect(shown(readFolder(pictures.toReversed()).outcomes)).toEqual(shown(outcomes));
  }));
});

import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { captureTimes, type ClockReading, type FolderTimes, type TimeRules } from '../../ingest/capture-time.ts';
import type { PictureMetadata } from '../../ingest/picture-metadata.ts';
import type { LatLon } from '../../shared/model/geo.ts';
import { metadata, wallClock } from './pictures.ts';

const BERLIN: LatLon = { latDeg: 52.52, lonDeg: 13.4 };
const KATHMANDU: LatLon = { latDeg: 27.7, lonDeg: 85.3 };
const PLAIN: TimeRules = { asserted: null, cameraOffsetS: null };

interface Shot extends Partial<PictureMetadata> {
  readonly clock?: string;
  readonly place?: LatLon;
}

function times(shots: readonly Shot[], rules: TimeRules = PLAIN): FolderTimes {
  const readings = shots.map(({ clock, place, ...known }, ordinal): ClockReading => ({
    ordinal,
    metadata: metadata({ localTime: clock === undefined ? null : wallClock(clock), ...known }),
    place: place ?? null,
  }));
  return captureTimes(readings, rules);
}

/** As ISO times, or the reason why there is none. */
function shown({ times: all }: FolderTimes): readonly string[] {
  return all.map((time) => (time.kind === 'known' ? new Date(time.capturedAt * 1000).toISOString() : time.refusal.code));
}

function utc(iso: string): number {
  return Date.parse(iso) / 1000;
}

describe('the zone', () => {
  test('is the one that the camera recorded', () => {
    expect(shown(times([{ clock: '2026-06-01T10:00:00', offsetMinutes: -210, place: BERLIN }]))).toEqual(['2026-06-01T13:30:00.000Z']);
  });

  test('is else that of the place, in summer and in winter', () => {
    expect(shown(times([{ clock: '2026-06-01T10:00:00', place: BERLIN }, { clock: '2026-12-01T10:00:00', place: BERLIN }, { clock: '2026-06-01T10:00:00', place: KATHMANDU }])))
      .toEqual(['2026-06-01T08:00:00.000Z', '2026-12-01T09:00:00.000Z', '2026-06-01T04:15:00.000Z']);
  });

  test('of a picture without a place is that of the folder\'s others', () => {
    expect(shown(times([{ clock: '2026-06-01T10:00:00' }, { clock: '2026-06-01T10:00:05', place: BERLIN }]))).toEqual(['2026-06-01T08:00:00.000Z', '2026-06-01T08:00:05.000Z']);
  });

  test('that nothing tells leaves no time: never the server\'s own zone', () => {
    expect(shown(times([{ clock: '2026-06-01T10:00:00' }]))).toEqual(['no_time']);
  });

  test('an hour that the clocks skipped is the hour after, one that came twice is the first', () => {
    // Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00.
    expect(shown(times([{ clock: '2026-03-29T02:30:00', place: BERLIN }]))).toEqual(['2026-03-29T01:30:00.000Z']);
    expect(shown(times([{ clock: '2026-10-25T02:30:00', place: BERLIN }]))).toEqual(['2026-10-25T00:30:00.000Z']);
  });

  test('gives the same time whatever the date on which it is asked', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const answers = ['2026-01-15', '2026-07-15'].flatMap((today) => {
        vi.setSystemTime(new Date(today));
        return ['2026-03-29T02:30:00', '2026-10-25T02:30:00', '2026-06-01T12:00:00'].map((clock) => shown(times([{ clock, place: BERLIN }]))[0]);
      });
      expect(answers.slice(0, 3)).toEqual(answers.slice(3));
    } finally {
      vi.useRealTimers();
    }
  });

  test('on the open sea is the nautical one', () => {
    expect(shown(times([{ clock: '2026-06-01T10:00:00', place: { latDeg: 0, lonDeg: -30 } }]))).toEqual(['2026-06-01T12:00:00.000Z']);
  });
});

describe('satellite time', () => {
  test('corrects the clock of the whole folder by the median, and keeps the camera\'s spacing', () => {
    const clocks = ['10:00:00.25', '10:00:05.50', '10:00:09.75'];
    const shots = clocks.map((clock, n): Shot => ({ clock: `2026-06-01T${clock}`, offsetMinutes: 0, gpsTimeS: utc('2026-06-01T11:30:00Z') + n * 5 }));
    const folder = times(shots);
    expect(folder.clockCorrectionS).toBeCloseTo(5399.75);
    const known = folder.times.map((time) => (time.kind === 'known' ? time.capturedAt : 0));
    expect(known[1]! - known[0]!).toBeCloseTo(5.25);
    expect(known[2]! - known[1]!).toBeCloseTo(4.25);
    expect(known[0]).toBeCloseTo(utc('2026-06-01T11:30:00Z'), 3);
  });

  test('that differs by less than 2 s, being cut to seconds, corrects nothing', () => {
    const folder = times([{ clock: '2026-06-01T10:00:00.9', offsetMinutes: 0, gpsTimeS: utc('2026-06-01T10:00:02Z') }]);
    expect(folder.clockCorrectionS).toBe(0);
    expect(shown(folder)).toEqual(['2026-06-01T10:00:00.900Z']);
  });

  test('one wild value among many moves nothing', () => {
    const shots = Array.from({ length: 9 }, (_, n): Shot => ({ clock: `2026-06-01T10:00:0${n}`, offsetMinutes: 0, gpsTimeS: utc(`2026-06-01T10:00:0${n}Z`) + (n === 4 ? 86_400 : 0) }));
    expect(times(shots).clockCorrectionS).toBe(0);
  });

  test('stands in where the camera has no clock, and only there', () => {
    const folder = times([{ gpsTimeS: utc('2026-06-01T10:00:00Z') }, { clock: '2026-06-01T10:00:05', offsetMinutes: 0 }]);
    expect(folder.times).toMatchObject([{ kind: 'known', source: 'gps' }, { kind: 'known', source: 'exif' }]);
    expect(folder.clockCorrectionS).toBeNull();
  });
});

describe('what the contributor says', () => {
  test('an offset is added to the camera\'s clock, before satellite time', () => {
    const folder = times([{ clock: '2026-06-01T10:00:00', offsetMinutes: 0, gpsTimeS: utc('2026-06-01T12:00:00Z') }], { asserted: null, cameraOffsetS: -1.5 });
    expect(shown(folder)).toEqual(['2026-06-01T09:59:58.500Z']);
    expect(folder.clockCorrectionS).toBe(-1.5);
  });

  test('asserted times are for pictures without any, by their place in the folder', () => {
    const rules: TimeRules = { asserted: { startS: utc('2026-06-01T10:00:00Z'), intervalS: 0.5 }, cameraOffsetS: null };
    const folder = times([{}, { clock: '2026-06-01T09:00:00', offsetMinutes: 0 }, {}, {}], rules);
    expect(shown(folder)).toEqual(['2026-06-01T10:00:00.000Z', '2026-06-01T09:00:00.000Z', '2026-06-01T10:00:01.000Z', '2026-06-01T10:00:01.500Z']);
    expect(folder.times.map((time) => (time.kind === 'known' ? time.source : null))).toEqual(['asserted', 'exif', 'asserted', 'asserted']);
  });

  test('a picture that was left out before keeps its turn', () => {
    const readings = [0, 1, 4].map((ordinal): ClockReading => ({ ordinal, metadata: metadata(), place: null }));
    const folder = captureTimes(readings, { asserted: { startS: utc('2026-06-01T10:00:00Z'), intervalS: 2 }, cameraOffsetS: null });
    expect(shown(folder)).toEqual(['2026-06-01T10:00:00.000Z', '2026-06-01T10:00:02.000Z', '2026-06-01T10:00:08.000Z']);
  });
});

describe('a time', () => {
  test.each(['1989-12-31T23:59:59', '1980-01-06T00:00:00', '2100-01-01T00:00:00'])('of %s was no clock that was set', (clock) => {
    expect(shown(times([{ clock, offsetMinutes: 0 }]))).toEqual(['time_invalid']);
  });

  test('however far off is refused, not thrown at', () => {
    for (const cameraOffsetS of [1e9, -1e9, 1e300, Number.MAX_VALUE]) {
      expect(shown(times([{ clock: '2026-06-01T10:00:00', offsetMinutes: 0 }], { asserted: null, cameraOffsetS }))[0]).toMatch(/^time_invalid$|^19|^20/);
    }
  });

  test('a leap second is a second of its own', () => {
    const leap = { ...wallClock('2016-12-31T23:59:59'), second: 60.5 };
    expect(shown(times([{ localTime: leap, offsetMinutes: 0 }, { localTime: leap, place: { latDeg: 51.5, lonDeg: -0.1 } }]))).toEqual(['2017-01-01T00:00:00.500Z', '2017-01-01T00:00:00.500Z']);
  });

  test('keeps microseconds, whatever the arithmetic', () => {
    fc.assert(fc.property(fc.integer({ min: 631_152_000, max: 4_102_444_799 }), fc.integer({ min: 0, max: 999_999 }), (whole, micros) => {
      const iso = new Date(whole * 1000).toISOString().slice(0, 19);
      const clock = wallClock(iso);
      const folder = times([{ localTime: { ...clock, second: clock.second + micros / 1e6 }, offsetMinutes: 0 }]);
      expect(folder.times[0]).toEqual({ kind: 'known', capturedAt: Math.round((whole + micros / 1e6) * 1e6) / 1e6, source: 'exif' });
    }));
  });

  test('one answer a picture, in order, and none invented', () => {
    const shot = fc.record({ clock: fc.option(fc.constantFrom('2026-06-01T10:00:00', '1970-01-01T00:00:00'), { nil: undefined }), gpsTimeS: fc.option(fc.constant(utc('2026-06-01T10:00:00Z')), { nil: null }), offsetMinutes: fc.option(fc.constant(60), { nil: null }) });
    fc.assert(fc.property(fc.array(shot), (shots) => {
      const all = times(shots.map(({ clock, ...rest }) => (clock === undefined ? rest : { clock, ...rest }))).times;
      expect(all).toHaveLength(shots.length);
      for (const [index, { clock, gpsTimeS }] of shots.entries()) {
        if (clock === undefined && gpsTimeS === null) expect(all[index]).toMatchObject({ kind: 'unknown', refusal: { code: 'no_time' } });
      }
    }));
  });
});

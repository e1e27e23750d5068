import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Drive, Frame, GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import { decodeDrive, encodeDrive } from '../../shared/model/drive-document.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { refusal } from '../../shared/model/reason.ts';

/** Any finite number but -0, which JSON cannot tell from 0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const maybe = fc.option(number, { nil: null });
const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
const sha = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }).map((hex) => hex as Sha256);
/** Every float64, NaN, infinities and -0 included. */
const raw = fc.double();

const fix: fc.Arbitrary<GnssFix> = fc.record({
  tS: number, latDeg: number, lonDeg: number, altM: maybe, speedMps: maybe, courseDeg: maybe, haccM: maybe, vaccM: maybe, saccMps: maybe, hdop: maybe, satellites: maybe,
});
const frame: fc.Arbitrary<Frame> = fc.record({
  id: sha, path: fc.string({ unit: 'grapheme' }), capturedAt: number, timeSource: fc.constantFrom('gps', 'exif', 'track', 'asserted'),
  positionSource: fc.constantFrom('exif', 'frames.csv', 'track'), latDeg: number, lonDeg: number, altM: maybe, headingDeg: maybe, speedMps: maybe, haccM: maybe, sequence: fc.nat(),
});
const series: fc.Arbitrary<ImuSeries> = fc.nat({ max: 20 }).chain((samples) => {
  const column = fc.array(raw, { minLength: samples, maxLength: samples }).map((values) => Float64Array.from(values));
  return fc.record({ tS: column, forceX: column, forceY: column, forceZ: column, gyroX: column, gyroY: column, gyroZ: column, averaged: fc.boolean() });
});
const drive: fc.Arbitrary<Drive> = fc.record({
  name: fc.string({ unit: 'grapheme' }), device: fc.record({ make: text, model: text, serial: text }), gnss: fc.array(fix), imu: fc.option(series, { nil: null }), frames: fc.array(frame),
  refusedRows: fc.array(fc.record({ file: fc.string(), line: fc.nat(), refusal: fc.string().map((value) => refusal('row_malformed', { value })) })), inputSha256: sha,
});

test('a drive comes back as it was, NaN, infinities and negative zero of the sensor included', () => {
  fc.assert(fc.property(drive, (given) => {
    const back = decodeDrive(encodeDrive(given));
    // toEqual treats NaN as itself and tells -0 from 0.
    expect(back).toEqual(given);
    expect(Object.keys(back).toSorted()).toEqual(Object.keys(given).toSorted());
  }));
});

test('the same drive is always the same bytes', () => {
  fc.assert(fc.property(drive, (given) => {
    expect(Buffer.from(encodeDrive(structuredClone(given))).equals(Buffer.from(encodeDrive(given)))).toBe(true);
  }));
});

const one: Drive = { name: 'n', device: { make: null, model: null, serial: null }, gnss: [], imu: null, frames: [], refusedRows: [], inputSha256: '0'.repeat(64) as Sha256 };

test('bytes may lie anywhere in a larger buffer', () => {
  const bytes = encodeDrive({ ...one, imu: seriesOf(3) });
  const padded = new Uint8Array(bytes.length + 11);
  padded.set(bytes, 5);
  expect(decodeDrive(padded.subarray(5, 5 + bytes.length)).imu!.tS).toEqual(Float64Array.from([0, 1, 2]));
});

test('bytes cut off, too long, or of another format are an error', () => {
  const bytes = encodeDrive({ ...one, imu: seriesOf(3) });
  expect(() => decodeDrive(bytes.subarray(0, bytes.length - 1))).toThrow('that should have');
  expect(() => decodeDrive(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('that should have');
  const other = Buffer.from(bytes);
  other.write('wayproof-document/9', other.indexOf('wayproof-document/1'));
  expect(() => decodeDrive(other)).toThrow('wayproof-document/9, not wayproof-document/1');
  expect(() => decodeDrive(new Uint8Array(2))).toThrow();
});

function seriesOf(samples: number): ImuSeries {
  const column = Float64Array.from({ length: samples }, (_, index) => index);
  return { tS: column, forceX: column, forceY: column, forceZ: column, gyroX: column, gyroY: column, gyroZ: column, averaged: true };
}

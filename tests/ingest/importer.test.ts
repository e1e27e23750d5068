import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSensors, sensorName, type Sensors } from '../../ingest/importers/drive-folder.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const T = 1_780_000_000;

function read(files: Record<string, string | Uint8Array>): Sensors {
  return readSensors(Object.entries(files).map(([path, content]) => ({ path, bytes: typeof content === 'string' ? Buffer.from(content) : content })), RECIPE.ingest);
}

/** Refused rows as `file:line code`. */
function shown({ refused }: Sensors): readonly string[] {
  return refused.map(({ file, line, refusal: { code } }) => `${file}:${line} ${code}`);
}

function body(end: string): string {
  return ['t_s,lat_deg,lon_deg', `${T},48,2`, `${T + 1},48,2`, ''].join(end);
}

describe('gnss.csv', () => {
  test('columns are found by name, in any order and case; unknown ones are ignored', () => {
    const { gnss, refused } = read({ 'gnss.csv': `Lon_Deg,mood,T_S,speed_mps,lat_deg\n2.5,happy,${T},3.5,48.25\n` });
    expect(gnss).toEqual([{
      tS: T, latDeg: 48.25, lonDeg: 2.5, speedMps: 3.5, altM: null, courseDeg: null, haccM: null, vaccM: null, saccMps: null, hdop: null, satellites: null,
    }]);
    expect(refused).toEqual([]);
  });

  test('an empty cell is missing, never zero; -1 and 0 radii are "unknown"', () => {
    const { gnss } = read({ 'gnss.csv': `t_s,lat_deg,lon_deg,alt_m,speed_mps,course_deg,hacc_m,sats\n${T},1.5,2,,,,,\n${T + 1},1.5,2,0,0,0,0,0\n${T + 2},1.5,2,-5,-1,-1,-1,4\n${T + 3},1.5,2,1,1,360,5,4\n` });
    expect(gnss.map(({ altM, speedMps, courseDeg, haccM }) => [altM, speedMps, courseDeg, haccM])).toEqual([[null, null, null, null], [0, 0, 0, null], [-5, null, null, null], [1, 1, 0, 5]]);
  });

  test('each bad row is refused with its line, and the rest goes on', () => {
    const rows = [
      `${T},48,2`, `${T + 1},,2`, `${T + 2},NaN,2`, `${T + 3},91,2`, `${T + 4},48,181`, `${T + 5},0,0`, `${T + 6},0x30,2`, `${T + 7},48,2,far`, `${T - 5},48,2`, `${T},48,2`,
      `${T + 8},48,2`, `${T + 8},48.1,2`, 'abc,48,2', `-5,48,2`, `${T * 1000},48,2`, '1e300,48,2', `Infinity,48,2`, `${T + 9}`, '', `${T + 10},48,2`,
    ];
    const sensors = read({ 'gnss.csv': `t_s,lat_deg,lon_deg,alt_m\n${rows.join('\n')}` });
    expect(sensors.gnss.map(({ tS }) => tS - T)).toEqual([0, 8, 10]);
    expect(shown(sensors).toSorted()).toEqual([
      'gnss.csv:10 row_out_of_order', 'gnss.csv:11 row_doubled_time', 'gnss.csv:13 row_doubled_time', 'gnss.csv:14 row_malformed', 'gnss.csv:15 time_invalid', 'gnss.csv:16 time_invalid', 'gnss.csv:17 time_invalid',
      'gnss.csv:18 row_malformed', 'gnss.csv:19 row_malformed', 'gnss.csv:3 row_malformed', 'gnss.csv:4 row_malformed', 'gnss.csv:5 position_invalid', 'gnss.csv:6 position_invalid', 'gnss.csv:7 null_island',
      'gnss.csv:8 row_malformed', 'gnss.csv:9 row_malformed',
    ]);
  });

  test('without a needed column the file is refused, and says which', () => {
    const sensors = read({ 'gnss.csv': 't_s,latitude,longitude\n1,2,3\n' });
    expect(sensors.gnss).toEqual([]);
    expect(sensors.refused).toEqual([{ file: 'gnss.csv', line: 1, refusal: { code: 'column_missing', detail: { column: 'lat_deg' } } }]);
    expect(shown(read({ 'gnss.csv': '' }))).toEqual(['gnss.csv:1 column_missing']);
  });

  test.each([
    ['LF', body('\n')], ['CRLF', body('\r\n')], ['CR', body('\r')], ['a BOM', `\ufeff${body('\n')}`], ['a header of CRLF and rows of LF', body('\n').replace('\n', '\r\n')],
    ['spaces and quotes', body('\n').replaceAll(',', '" , "').replaceAll(/^(.)/gm, '"$1').replaceAll(/(.)$/gm, '$1"')],
  ])('lines with %s', (_name, text) => {
    const sensors = read({ 'gnss.csv': text });
    expect(sensors.gnss.map(({ tS }) => tS)).toEqual([T, T + 1]);
    expect(sensors.refused).toEqual([]);
  });

  test('a quote that is never closed costs its row, not the file', () => {
    const sensors = read({ 'gnss.csv': `t_s,lat_deg,lon_deg\n${T},48,2\n${T + 1},"48,2\n${T + 2},48,2\n` });
    expect(sensors.gnss.map(({ tS }) => tS - T)).toEqual([0, 2]);
    expect(shown(sensors)).toEqual(['gnss.csv:3 row_malformed']);
  });

  test('bytes that are no text are rows that are refused', () => {
    const sensors = read({ 'gnss.csv': Buffer.concat([Buffer.from('t_s,lat_deg,lon_deg\n'), Buffer.from([0xff, 0xfe, 0x00, 0x0a]), Buffer.from(`${T},48,2\n`)]) });
    expect(sensors.gnss).toHaveLength(1);
    expect(sensors.refusedCount).toBe(1);
  });

  test('law: rows in = fixes + refused; times increase strictly; positions are on Earth', () => {
    const cell = fc.oneof(fc.double({ min: -200, max: 200 }).map(String), fc.constantFrom('', 'x', 'NaN', '0', '48', '-0'));
    const time = fc.oneof(fc.integer({ min: T, max: T + 20 }).map(String), fc.constantFrom('', 'x', '-1', '1e99'));
    fc.assert(fc.property(fc.array(fc.tuple(time, cell, cell, cell), { maxLength: 40 }), (rows) => {
      const { gnss, refusedCount } = read({ 'gnss.csv': ['t_s,lat_deg,lon_deg,speed_mps', ...rows.map((row) => row.join(','))].join('\n') });
      expect(gnss.length + refusedCount).toBe(rows.length);
      for (const [index, { tS, latDeg, lonDeg }] of gnss.entries()) {
        if (index > 0) expect(tS).toBeGreaterThan(gnss[index - 1]!.tS);
        expect(Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180).toBe(true);
      }
    }));
  });
});

describe('imu.csv', () => {
  test('is columns of equal length; without a gyroscope those are NaN', () => {
    const { imu } = read({ 'imu.csv': `t_s,ax_mps2,ay_mps2,az_mps2\n${T},1,2,9.8\n${T + 0.01},1,2,9.9\n`, 'drive.json': '{"imu": {"averaged": true, "rate_hz": 100}}' });
    expect(imu).toMatchObject({ averaged: true, tS: Float64Array.from([T, T + 0.01]), forceZ: Float64Array.from([9.8, 9.9]), gyroX: Float64Array.from([NaN, NaN]) });
  });

  test('with no usable row is none', () => {
    expect(read({ 'imu.csv': 't_s,ax_mps2,ay_mps2,az_mps2\nx,1,2,3\n' })).toMatchObject({ imu: null, refusedCount: 1 });
  });
});

describe('frames.csv', () => {
  test('names pictures beside it, with what it says of them', () => {
    expect(read({ 'drive/frames.csv': `file,t_s,lat_deg,lon_deg,heading_deg,speed_mps,hacc_m\nframes/1.jpg,${T},48,2,90,-1,-1\n"frames/a,b.jpg",,,,,,\n` }).frameRows).toEqual([
      { path: 'drive/frames/1.jpg', tS: T, latDeg: 48, lonDeg: 2, altM: null, headingDeg: 90, speedMps: null, haccM: null },
      { path: 'drive/frames/a,b.jpg', tS: null, latDeg: null, lonDeg: null, altM: null, headingDeg: null, speedMps: null, haccM: null },
    ]);
  });

  test('of a camera with a clock of its own is brought to the drive\'s', () => {
    const json = '{"frames": {"clock": "camera", "utc_offset_s": 7200}}';
    expect(read({ 'drive.json': json, 'frames.csv': `file,t_s\n1.jpg,${T}\n` }).frameRows[0]!.tS).toBe(T - 7200);
    expect(read({ 'drive.json': json.replace('camera', 'gnss'), 'frames.csv': `file,t_s\n1.jpg,${T}\n` }).frameRows[0]!.tS).toBe(T);
  });
});

describe('drive.json', () => {
  test('names drive and device', () => {
    expect(read({ 'drive.json': '\ufeff{"format": "wayproof-drive/1", "id": " trip ", "device": {"make": "A", "model": null}, "later": {}}' })).toMatchObject({ name: 'trip', device: { make: 'A', model: null, serial: null }, refusedCount: 0 });
    expect([...read({ 'drive.json': JSON.stringify({ id: '😀'.repeat(500) }) }).name!]).toHaveLength(120);
  });

  test.each(['', '{', '[]', 'null', '"x"', '{"format": "wayproof-drive/9"}', '{"imu": {"averaged": "yes"}}', '{"frames": {"utc_offset_s": "1"}}', '[[[['.repeat(20_000)])('that is broken is reported, and the rest is read: %.40s', (text) => {
    const sensors = read({ 'drive.json': text, 'gnss.csv': `t_s,lat_deg,lon_deg\n${T},48,2\n` });
    expect(shown(sensors)).toEqual(['drive.json:1 file_unreadable']);
    expect(sensors.gnss).toHaveLength(1);
    expect(sensors.name).toBeNull();
  });
});

describe('compressed files', () => {
  const gnss = `t_s,lat_deg,lon_deg\n${T},48,2\n`;
  test('are read as what they hold', () => {
    expect(read({ 'gnss.csv.gz': gzipSync(gnss) }).gnss).toHaveLength(1);
  });

  test('that are cut off, no gzip, or hold gigabytes are refused', () => {
    expect(shown(read({ 'gnss.csv.gz': gzipSync(gnss).subarray(0, 30) }))).toEqual(['gnss.csv.gz:1 file_unreadable']);
    expect(shown(read({ 'gnss.csv.gz': gnss }))).toEqual(['gnss.csv.gz:1 file_unreadable']);
    const bomb = Buffer.concat(Array.from({ length: 40 }, () => gzipSync(Buffer.alloc(20_000_000))));
    expect(bomb.length).toBeLessThan(1_000_000);
    const sensors = read({ 'imu.csv.gz': bomb, 'gnss.csv': gnss });
    expect(sensors.refused[0]!.refusal).toEqual({ code: 'file_unreadable', detail: { why: expect.stringContaining('inflates to more than') as string } });
    expect(sensors.gnss).toHaveLength(1);
  });
});

test('thousands of bad rows are counted, and only the first are kept', () => {
  const sensors = read({ 'gnss.csv': `t_s,lat_deg,lon_deg\n${'x,1,2\n'.repeat(5000)}${T},48,2\n` });
  expect(sensors).toMatchObject({ refusedCount: 5000, gnss: [{ tS: T }] });
  expect(sensors.refused).toHaveLength(1000);
});

test('a second file of one kind is reported, not mixed in', () => {
  const sensors = read({ 'a/gnss.csv': `t_s,lat_deg,lon_deg\n${T},48,2\n`, 'b/gnss.csv': `t_s,lat_deg,lon_deg\n${T},49,2\n` });
  expect(sensors.gnss.map(({ latDeg }) => latDeg)).toEqual([48]);
  expect(shown(sensors)).toEqual(['b/gnss.csv:1 unused_file']);
});

test('sensor files are known by name, in any folder and case', () => {
  expect(['gnss.csv', 'x/GNSS.CSV.GZ', 'drive.json', 'frames.csv', 'imu.csv', 'agnss.csv', 'gnss.csv/x', 'gnss.csv.zip'].map(sensorName)).toEqual(['gnss.csv', 'gnss.csv', 'drive.json', 'frames.csv', 'imu.csv', null, null, null]);
});

import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { readTags } from '../../ingest/exif.ts';
import { type PictureMetadata, pictureMetadata } from '../../ingest/picture-metadata.ts';
import { turnDeg } from '../../shared/model/geo.ts';
import { dataPath, testOnData } from './data.ts';
import { type ExifTags, withExif } from './exif-writer.ts';
import { jpeg } from './pictures.ts';

async function read(tags: ExifTags): Promise<PictureMetadata> {
  return pictureMetadata(await readTags(withExif(await jpeg(1, { width: 64, height: 64 }), tags)));
}

/** exiftool also reads positions and times that are in XMP alone; we do not, and then say `no_position`, `no_time`. */
const POSITION_IN_XMP = ['adobe_coords.jpg', 'FLIR iPhone device.jpg'];

type OracleRow = Record<'SourceFile' | 'FileType' | 'GPSLatitude' | 'GPSLongitude' | 'GPSAltitude' | 'GPSImgDirection' | 'GPSDateTime' | 'DateTimeOriginal' | 'SubSecTimeOriginal' | 'OffsetTimeOriginal' | 'Make' | 'Model' | 'ProjectionType', string>;

async function oracle(): Promise<readonly { readonly row: OracleRow; readonly read: PictureMetadata }[]> {
  const rows = parse<OracleRow>(await readFile(dataPath('media', 'oracle-exiftool.csv')), { columns: true, bom: true });
  const pictures = rows.filter(({ FileType }) => FileType === 'JPEG');
  return await Promise.all(pictures.map(async (row) => ({ row, read: pictureMetadata(await readTags(await readFile(dataPath('media', row.SourceFile)))) })));
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function at(lat: unknown, ref: unknown): PictureMetadata['position'] {
  return pictureMetadata({ GPSLatitude: lat, GPSLatitudeRef: ref, GPSLongitude: [10, 0, 0], GPSLongitudeRef: 'E' }).position;
}

function speed(ref: string | undefined): number | null {
  return pictureMetadata({ GPSSpeed: 36, GPSSpeedRef: ref }).speedMps;
}

describe('what exiftool reads, we read', () => {
  testOnData('positions, within 0.000001°, of every JPEG, and none where it finds none', async () => {
    const pictures = await oracle();
    expect(pictures.length).toBeGreaterThan(150);
    let placed = 0;
    for (const { row, read: { position } } of pictures) {
      if (POSITION_IN_XMP.some((name) => row.SourceFile.endsWith(name))) continue;
      if (row.GPSLatitude === '' || row.GPSLongitude === '') {
        expect(position.kind, row.SourceFile).not.toBe('at');
        continue;
      }
      placed += 1;
      expect(position.kind, row.SourceFile).toBe('at');
      if (position.kind !== 'at') continue;
      expect(Math.abs(position.latDeg - Number(row.GPSLatitude)), row.SourceFile).toBeLessThan(1e-6);
      expect(Math.abs(position.lonDeg - Number(row.GPSLongitude)), row.SourceFile).toBeLessThan(1e-6);
    }
    expect(placed).toBeGreaterThan(55);
  });

  testOnData('wall clocks, sub-seconds, offsets and satellite times', async () => {
    let timed = 0;
    for (const { row, read: { localTime, offsetMinutes, gpsTimeS } } of await oracle()) {
      const [, written, fraction] = /^(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)(\S*)$/.exec(row.DateTimeOriginal) ?? [];
      // A fraction or an offset in the time itself is how XMP writes it, not Exif.
      if (localTime !== null && written !== undefined) {
        timed += 1;
        const { year, month, day, hour, minute, second } = localTime;
        expect(`${year}:${two(month)}:${two(day)} ${two(hour)}:${two(minute)}:${two(Math.floor(second))}`, row.SourceFile).toBe(written);
        expect(second % 1, row.SourceFile).toBeCloseTo(row.SubSecTimeOriginal === '' ? 0 : Number(`0.${row.SubSecTimeOriginal}`), 6);
      } else {
        expect(written === undefined || fraction !== '', row.SourceFile).toBe(true);
      }
      if (row.OffsetTimeOriginal !== '') expect(offsetMinutes, row.SourceFile).toBe(120);
      if (row.GPSDateTime !== '' && !row.GPSDateTime.startsWith('0000')) expect(new Date(gpsTimeS! * 1000).toISOString().slice(0, 19), row.SourceFile).toBe(row.GPSDateTime.replace(':', '-').replace(':', '-').replace(' ', 'T').slice(0, 19));
      else expect(gpsTimeS, row.SourceFile).toBeNull();
    }
    expect(timed).toBeGreaterThan(25);
  });

  testOnData('altitude, make, model and projection', async () => {
    for (const { row, read } of await oracle()) {
      if (read.position.kind === 'at' && row.GPSAltitude !== '') expect(read.altM, row.SourceFile).toBeCloseTo(Number(row.GPSAltitude), 2);
      if (read.headingDeg !== null) expect(Math.abs(turnDeg(read.headingDeg, Number(row.GPSImgDirection))), row.SourceFile).toBeLessThan(0.01);
      expect(read.make ?? '', row.SourceFile).toBe(row.Make);
      expect(read.model ?? '', row.SourceFile).toBe(row.Model);
      expect(read.equirectangular, row.SourceFile).toBe(row.ProjectionType === 'equirectangular');
    }
  });

  testOnData('all 29 of Lund have a position, also where Exif is not the first segment, and no time', async () => {
    const lund = (await oracle()).filter(({ row }) => row.SourceFile.includes('seq-opensfm-lund'));
    expect(lund).toHaveLength(29);
    for (const { read: { position, localTime, gpsTimeS } } of lund) expect({ kind: position.kind, localTime, gpsTimeS }).toEqual({ kind: 'at', localTime: null, gpsTimeS: null });
  });
});

describe('a position', () => {
  test.each([[51.5, -0.12], [-33.86, 151.2], [0.5, 0.5], [-0.25, -70.000_001], [89.999_999, 179.999_999]])('%s, %s', async (latDeg, lonDeg) => {
    const { position } = await read({ latDeg, lonDeg });
    expect(position).toMatchObject({ kind: 'at' });
    if (position.kind !== 'at') return;
    expect(position.latDeg).toBeCloseTo(latDeg, 8);
    expect(position.lonDeg).toBeCloseTo(lonDeg, 8);
  });

  test('0, 0 is read as it is: the drive refuses it, not the reader', async () => {
    expect((await read({ latDeg: 0, lonDeg: 0 })).position).toEqual({ kind: 'at', latDeg: 0, lonDeg: 0 });
  });

  test('of empty rationals, 0/0, is invalid and shows what stood there', async () => {
    const { position } = await read({ rawLat: [[0, 0], [0, 0], [0, 0]], rawLon: [[1, 1], [0, 1], [0, 1]] });
    expect(position).toEqual({ kind: 'invalid', lat: 'NaN,NaN,NaN', lon: '1,0,0' });
  });

  test('beyond the poles or the antimeridian is invalid', async () => {
    expect((await read({ rawLat: [[91, 1], [0, 1], [0, 1]], rawLon: [[10, 1], [0, 1], [0, 1]] })).position.kind).toBe('invalid');
    expect((await read({ rawLat: [[10, 1], [0, 1], [0, 1]], rawLon: [[180, 1], [1, 1], [0, 1]] })).position.kind).toBe('invalid');
  });

  test('with half of it missing is none', async () => {
    expect((await read({ latDeg: 10 })).position).toEqual({ kind: 'none' });
  });

  test('the hemisphere is the letter\'s, in either case; without one it is the number\'s', () => {
    expect(at([33, 30, 0], 's')).toMatchObject({ latDeg: -33.5 });
    expect(at([-33, 30, 0], 'S')).toMatchObject({ latDeg: -33.5 });
    expect(at([-33, 30, 0], undefined)).toMatchObject({ latDeg: -33.5 });
    expect(at([-33, 30, 0], 'N')).toMatchObject({ latDeg: 33.5 });
    expect(at(['33', 30, 0], 'N')).toMatchObject({ kind: 'invalid' });
    expect(at([], 'N')).toEqual({ kind: 'none' });
  });
});

describe('the rest', () => {
  test('is read from where Exif keeps it', async () => {
    expect(await read({ dateTime: '2026:06:01 10:11:12', subSec: '25', offset: '-03:30', headingDeg: 359.5, altM: -3.5, make: 'Cam', gpsDate: '2026:06:01', gpsTime: [13, 41, 12.5], latDeg: 1, lonDeg: 1 }))
      .toMatchObject({
        localTime: { year: 2026, month: 6, day: 1, hour: 10, minute: 11, second: 12.25 }, offsetMinutes: -210, headingDeg: 359.5, altM: -3.5, make: 'Cam',
        gpsTimeS: Date.UTC(2026, 5, 1, 13, 41, 12, 500) / 1000, damage: null,
      });
  });

  test.each(['0000:00:00 00:00:00', '2026:02:30 10:00:00', '2026:13:01 10:00:00', '2026:06:01 24:00:00', '    :  :     :  :  ', 'yesterday', '2026:06:01 10:60:00'])('a clock of "%s" is none', async (dateTime) => {
    expect((await read({ dateTime })).localTime).toBeNull();
  });

  test.each([['+15:00'], ['Z'], ['+2'], ['   :  ']])('an offset of "%s" is none', async (offset) => {
    expect((await read({ dateTime: '2026:06:01 10:00:00', offset })).offsetMinutes).toBeNull();
  });

  test.each([['2026:02:30', [10, 0, 0]], ['2026:13:01', [10, 0, 0]], ['0000:00:00', [0, 0, 0]], ['2026:06:01', [24, 0, 0]], ['2026:06:01', [0, 60, 0]], ['', [0, 0, 0]]] as const)('a satellite time of %s %j is none', async (gpsDate, gpsTime) => {
    expect((await read({ gpsDate, gpsTime: [...gpsTime] })).gpsTimeS).toBeNull();
  });

  test('a magnetic or impossible direction is none, 360 is 0', async () => {
    expect((await read({ headingDeg: 90, headingRef: 'M', latDeg: 1, lonDeg: 1 })).headingDeg).toBeNull();
    expect((await read({ headingDeg: 361, latDeg: 1, lonDeg: 1 })).headingDeg).toBeNull();
    expect((await read({ headingDeg: 360, latDeg: 1, lonDeg: 1 })).headingDeg).toBe(0);
  });

  test('speeds are in the unit that the file names', () => {
    expect(speed('K')).toBeCloseTo(10);
    expect(speed(undefined)).toBeCloseTo(10);
    expect(speed('M')).toBeCloseTo(16.093, 3);
    expect(speed('N')).toBeCloseTo(18.52, 3);
    expect(pictureMetadata({ GPSSpeed: -1 }).speedMps).toBeNull();
  });

  test('names lose control characters and length', () => {
    expect(pictureMetadata({ Make: ' A\u0000B\u001f ', Model: 'x'.repeat(500) })).toMatchObject({ make: 'A B', model: 'x'.repeat(80) });
    expect(pictureMetadata({ Make: '\u0000\u0000', Model: 7 })).toMatchObject({ make: null, model: null });
  });

  test('a picture without any metadata says nothing, and nothing is made up', async () => {
    const plain = pictureMetadata(await readTags(await jpeg(1)));
    expect(plain).toEqual(pictureMetadata({}));
    expect(Object.values(plain).filter((value) => value !== null && value !== false)).toEqual([{ kind: 'none' }]);
  });
});

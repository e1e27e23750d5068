/** What a test wants a picture to say of itself, in Exif's own terms. */
export interface ExifTags {
  /** `2026:06:01 10:00:00`. */
  readonly dateTime?: string;
  readonly subSec?: string;
  readonly offset?: string;
  /** Signed degrees; written as a reference and three rationals, or as the raw rationals given. */
  readonly latDeg?: number;
  readonly lonDeg?: number;
  readonly rawLat?: readonly (readonly [number, number])[];
  readonly rawLon?: readonly (readonly [number, number])[];
  readonly latRef?: string;
  readonly lonRef?: string;
  readonly gpsDate?: string;
  readonly gpsTime?: readonly [number, number, number];
  readonly headingDeg?: number;
  readonly headingRef?: string;
  readonly altM?: number;
  readonly make?: string;
  readonly orientation?: number;
}

interface Entry {
  readonly tag: number;
  readonly type: 1 | 2 | 3 | 4 | 5;
  readonly count: number;
  readonly data: Buffer;
}

/** Puts an Exif segment first into a JPEG (Exif 2.32, 4.5 and 4.6; big-endian). */
export function withExif(jpeg: Buffer, tags: ExifTags): Buffer {
  const main = [
    ...(tags.make === undefined ? [] : [ascii(0x010f, tags.make)]),
    ...(tags.orientation === undefined ? [] : [short(0x0112, tags.orientation)]),
  ];
  const exif = [
    ...(tags.dateTime === undefined ? [] : [ascii(0x9003, tags.dateTime)]),
    ...(tags.offset === undefined ? [] : [ascii(0x9011, tags.offset)]),
    ...(tags.subSec === undefined ? [] : [ascii(0x9291, tags.subSec)]),
  ];
  const lat = tags.rawLat ?? (tags.latDeg === undefined ? undefined : sexagesimal(tags.latDeg));
  const lon = tags.rawLon ?? (tags.lonDeg === undefined ? undefined : sexagesimal(tags.lonDeg));
  const gps = [
    ...(lat === undefined ? [] : [ascii(1, tags.latRef ?? ((tags.latDeg ?? 0) < 0 ? 'S' : 'N')), rationals(2, lat)]),
    ...(lon === undefined ? [] : [ascii(3, tags.lonRef ?? ((tags.lonDeg ?? 0) < 0 ? 'W' : 'E')), rationals(4, lon)]),
    ...(tags.altM === undefined ? [] : [{ tag: 5, type: 1, count: 1, data: Buffer.from([tags.altM < 0 ? 1 : 0]) } as const, rationals(6, [decimal(Math.abs(tags.altM))])]),
    ...(tags.gpsTime === undefined ? [] : [rationals(7, tags.gpsTime.map(decimal))]),
    ...(tags.headingDeg === undefined ? [] : [ascii(16, tags.headingRef ?? 'T'), rationals(17, [decimal(tags.headingDeg)])]),
    ...(tags.gpsDate === undefined ? [] : [ascii(29, tags.gpsDate)]),
  ];
  return insertSegment(jpeg, tiff(main, exif, gps));
}

function tiff(main: readonly Entry[], exif: readonly Entry[], gps: readonly Entry[]): Buffer {
  const pointers = (exifAt: number, gpsAt: number): readonly Entry[] => [
    ...main,
    ...(exif.length === 0 ? [] : [long(0x8769, exifAt)]),
    ...(gps.length === 0 ? [] : [long(0x8825, gpsAt)]),
  ];
  const exifAt = 8 + sizeOf(pointers(0, 0));
  const gpsAt = exifAt + sizeOf(exif);
  const header = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
  return Buffer.concat([header, directory(pointers(exifAt, gpsAt), 8), directory(exif, exifAt), directory(gps, gpsAt)]);
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.length === 0 ? 0 : 6 + entries.length * 12 + entries.reduce((sum, { data }) => sum + (data.length > 4 ? data.length + (data.length % 2) : 0), 0);
}

function directory(entries: readonly Entry[], at: number): Buffer {
  if (entries.length === 0) return Buffer.alloc(0);
  const table = Buffer.alloc(6 + entries.length * 12);
  table.writeUInt16BE(entries.length, 0);
  const tail: Buffer[] = [];
  let tailAt = at + table.length;
  for (const [index, { tag, type, count, data }] of entries.entries()) {
    const entryAt = 2 + index * 12;
    table.writeUInt16BE(tag, entryAt);
    table.writeUInt16BE(type, entryAt + 2);
    table.writeUInt32BE(count, entryAt + 4);
    if (data.length <= 4) {
      data.copy(table, entryAt + 8);
      continue;
    }
    table.writeUInt32BE(tailAt, entryAt + 8);
    tail.push(data, Buffer.alloc(data.length % 2));
    tailAt += data.length + (data.length % 2);
  }
  return Buffer.concat([table, ...tail]);
}

function insertSegment(jpeg: Buffer, body: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 8, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from('Exif\0\0', 'latin1'), body, jpeg.subarray(2)]);
}

function ascii(tag: number, text: string): Entry {
  const data = Buffer.from(`${text}\0`, 'utf8');
  return { tag, type: 2, count: data.length, data };
}

function short(tag: number, value: number): Entry {
  const data = Buffer.alloc(2);
  data.writeUInt16BE(value);
  return { tag, type: 3, count: 1, data };
}

function long(tag: number, value: number): Entry {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return { tag, type: 4, count: 1, data };
}

function rationals(tag: number, values: readonly (readonly [number, number])[]): Entry {
  const data = Buffer.alloc(values.length * 8);
  for (const [index, [numerator, denominator]] of values.entries()) {
    data.writeUInt32BE(numerator, index * 8);
    data.writeUInt32BE(denominator, index * 8 + 4);
  }
  return { tag, type: 5, count: values.length, data };
}

const FINE = 1_000_000;

function decimal(value: number): readonly [number, number] {
  return [Math.round(value * 1000), 1000];
}

function sexagesimal(deg: number): readonly (readonly [number, number])[] {
  const size = Math.abs(deg);
  const minutes = (size % 1) * 60;
  return [[Math.floor(size), 1], [Math.floor(minutes), 1], [Math.round((minutes % 1) * 60 * FINE), FINE]];
}

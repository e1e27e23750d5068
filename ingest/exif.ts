import exifr from 'exifr';

/** The raw tags we read, as the file has them: nothing translated, no dates revived (a revived date ignores its offset). */
export interface RawTags {
  readonly [tag: string]: unknown;
}

const TAGS = [
  'Make', 'Model', 'Orientation', 'BodySerialNumber',
  'DateTimeOriginal', 'SubSecTimeOriginal', 'OffsetTimeOriginal', 'OffsetTime',
  'GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef', 'GPSAltitude', 'GPSAltitudeRef',
  'GPSDateStamp', 'GPSTimeStamp', 'GPSImgDirection', 'GPSImgDirectionRef', 'GPSSpeed', 'GPSSpeedRef', 'GPSHPositioningError',
  'ProjectionType',
];

/**
 * Reads the tags from the bytes of a JPEG: by path exifr silently loses GPS where Exif is not the first segment.
 * Runs in the parser thread, because a hostile file may keep it busy for ever. Throws on damaged metadata.
 * The only door to exifr.
 */
export async function readTags(bytes: Uint8Array): Promise<RawTags> {
  const tags: unknown = await exifr.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    pick: TAGS,
    tiff: true,
    exif: true,
    gps: true,
    xmp: true,
    mergeOutput: true,
    reviveValues: false,
    translateValues: false,
    sanitize: true,
  });
  return typeof tags === 'object' && tags !== null ? (tags as RawTags) : {};
}

import exifr from 'exifr';

/** The raw tags we read, as the file has them: nothing translated, no dates revived (a revived date ignores its offset). */
export interface RawTags {
  readonly [tag: string]: unknown;
}

const MAIN_TAGS = ['Make', 'Model', 'Orientation'];
const EXIF_TAGS = ['DateTimeOriginal', 'SubSecTimeOriginal', 'OffsetTimeOriginal', 'OffsetTime', 'BodySerialNumber'];
const GPS_TAGS = [
  'GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef', 'GPSAltitude', 'GPSAltitudeRef', 'GPSDateStamp', 'GPSTimeStamp',
  'GPSImgDirection', 'GPSImgDirectionRef', 'GPSSpeed', 'GPSSpeedRef', 'GPSHPositioningError',
];

/**
 * Reads the tags from the bytes of a JPEG: by path exifr silently loses GPS where Exif is not the first segment.
 * Runs in the parser thread, because a hostile file may keep it busy for ever. Throws on damaged metadata.
 * The only door to exifr.
 */
export async function readTags(bytes: Uint8Array): Promise<RawTags> {
  const blocks: Blocks | undefined = await exifr.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    tiff: true,
    ifd0: { pick: MAIN_TAGS },
    exif: { pick: EXIF_TAGS },
    gps: { pick: GPS_TAGS },
    interop: false,
    xmp: true,
    // Block by block: what XMP says must not stand in for what Exif does.
    mergeOutput: false,
    reviveValues: false,
    translateValues: false,
    sanitize: true,
  });
  return { ...blocks?.ifd0, ...blocks?.exif, ...blocks?.gps, ProjectionType: blocks?.GPano?.['ProjectionType'] };
}

interface Blocks {
  readonly ifd0?: RawTags;
  readonly exif?: RawTags;
  readonly gps?: RawTags;
  readonly GPano?: RawTags;
}

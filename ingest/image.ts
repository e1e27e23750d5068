import sharp from 'sharp';
import { GREY_HEIGHT, GREY_WIDTH } from '../shared/model/drive.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import { visibility } from './picture-quality.ts';

/** What the pipeline keeps of a picture, upright and without any metadata. */
export interface Derivatives {
  /** JPEG, at most 2048 pixels on its longer side. */
  readonly picture: Buffer;
  /** JPEG, at most 500 pixels on its longer side. */
  readonly thumb: Buffer;
  /** 64×36 grey levels, row by row. */
  readonly grey: Buffer;
  /** Of the original, upright. */
  readonly width: number;
  readonly height: number;
  /** In [0, 1]: size, sharpness and how much of it shows anything; 1 is a sharp, uncovered picture by day of 2 megapixels or more. */
  readonly quality: number;
}

export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly rgb: Uint8Array;
}

const PICTURE_PX = 2048;
const THUMB_PX = 500;
const JPEG_QUALITY = 82;
const SMALLEST_PX = 64;
const DECODE_TIMEOUT_S = 20;
const FULL_QUALITY_PX = 2_000_000;

/** Once per process: only the JPEG reader is left, so that no file can reach another parser, whatever its name. */
export function prepareImages(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadJpeg'] });
  sharp.concurrency(1);
  sharp.cache(false);
}

/** The picture's derivatives, or why it is none. Bounded in pixels and time; never decodes around damage. */
export async function derive(bytes: Buffer, maxPixels: number): Promise<Derivatives | Refusal> {
  const size = await measure(bytes, maxPixels);
  if ('code' in size) return size;
  try {
    const upright = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true }).autoOrient().timeout({ seconds: DECODE_TIMEOUT_S });
    const picture = await upright
      .resize({ width: PICTURE_PX, height: PICTURE_PX, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer();
    // From the smaller copy: decoding the original once is most of the work.
    const thumb = await sharp(picture).resize({ width: THUMB_PX, height: THUMB_PX, fit: 'inside', withoutEnlargement: true }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
    const grey = await sharp(thumb).greyscale().resize(GREY_WIDTH, GREY_HEIGHT, { fit: 'fill' }).raw().toBuffer();
    return { picture, thumb, grey, ...size, quality: await qualityOf(thumb, size) };
  } catch (error) {
    return refusal('picture_damaged', { why: firstLine(error), value: bytes.length });
  }
}

/** Encodes a rendered or repainted picture. */
export async function encodeJpeg({ width, height, rgb }: RawImage): Promise<Buffer> {
  return await sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** The picture decoded upright, changed, and encoded anew without metadata; or why it is none. */
export async function repainted(bytes: Buffer, maxPixels: number, change: (image: RawImage) => RawImage): Promise<Buffer | Refusal> {
  const size = await measure(bytes, maxPixels);
  if ('code' in size) return size;
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true }).autoOrient().timeout({ seconds: DECODE_TIMEOUT_S })
      .toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return await encodeJpeg(change({ width: info.width, height: info.height, rgb: data }));
  } catch (error) {
    return refusal('picture_damaged', { why: firstLine(error), value: bytes.length });
  }
}

/** Width and height of the picture when it stands upright, from its header alone. */
async function measure(bytes: Buffer, maxPixels: number): Promise<{ width: number; height: number } | Refusal> {
  if (bytes.length < 3 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return refusal('not_a_picture', { type: typeOf(bytes) });
  try {
    const { width, height, orientation } = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
    if (width * height > maxPixels) return refusal('picture_too_large', { value: Math.round(width * height / 1e5) / 10, limit: maxPixels / 1e6 });
    if (width < SMALLEST_PX || height < SMALLEST_PX) return refusal('picture_too_small', { value: `${width}×${height}`, limit: SMALLEST_PX });
    return (orientation ?? 1) >= 5 ? { width: height, height: width } : { width, height };
  } catch (error) {
    return refusal('picture_damaged', { why: firstLine(error), value: bytes.length });
  }
}

async function qualityOf(thumb: Buffer, { width, height }: { width: number; height: number }): Promise<number> {
  const { data, info } = await sharp(thumb).greyscale().raw().toBuffer({ resolveWithObject: true });
  const size = Math.min(1, Math.sqrt((width * height) / FULL_QUALITY_PX));
  return Math.round(visibility({ data, width: info.width, height: info.height }) * size * 1000) / 1000;
}

const SIGNATURES: readonly (readonly [string, number, string])[] = [
  ['89504e47', 0, 'a PNG'], ['47494638', 0, 'a GIF'], ['52494646', 0, 'a WebP or other RIFF file'], ['424d', 0, 'a BMP'],
  ['49492a00', 0, 'a TIFF'], ['4d4d002a', 0, 'a TIFF'], ['66747970', 4, 'a video, HEIC or AVIF'], ['25504446', 0, 'a PDF'], ['504b0304', 0, 'a zip'],
];

function typeOf(bytes: Buffer): string {
  if (bytes.length === 0) return 'empty';
  const found = SIGNATURES.find(([hex, at]) => bytes.subarray(at, at + hex.length / 2).toString('hex') === hex);
  return found?.[2] ?? 'no JPEG';
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 120);
}

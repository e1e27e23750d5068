import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { derive, type Derivatives, encodeJpeg, prepareImages } from '../../ingest/image.ts';
import { withExif } from './exif-writer.ts';
import { claiming, jpeg } from './pictures.ts';

const MOST = 10_000_000;
beforeAll(() => prepareImages());

async function made(bytes: Buffer): Promise<Derivatives> {
  const answer = await derive(bytes, MOST);
  if ('code' in answer) throw new Error(answer.code);
  return answer;
}

async function code(bytes: Buffer, maxPixels = MOST): Promise<string> {
  const answer = await derive(bytes, maxPixels);
  return 'code' in answer ? answer.code : 'derived';
}

async function sizeOf(bytes: Buffer): Promise<string> {
  const { width, height } = await sharp(bytes).metadata();
  return `${width}×${height}`;
}

describe('derivatives', () => {
  test('are never larger than the picture, nor than 2048 and 500', async () => {
    const large = await made(await jpeg(1, { width: 2500, height: 1250 }));
    expect([await sizeOf(large.picture), await sizeOf(large.thumb), large.grey.length]).toEqual(['2048×1024', '500×250', 64 * 36]);
    const small = await made(await jpeg(1, { width: 128, height: 72 }));
    expect([await sizeOf(small.picture), await sizeOf(small.thumb), small.grey.length]).toEqual(['128×72', '128×72', 64 * 36]);
  });

  test('are the same bytes for the same picture', async () => {
    const [one, other] = [await made(await jpeg(5)), await made(await jpeg(5))];
    expect(one.picture.equals(other.picture) && one.thumb.equals(other.thumb) && one.grey.equals(other.grey)).toBe(true);
    expect((await made(await jpeg(6))).grey.equals(one.grey)).toBe(false);
  });

  test('stand upright, in every orientation', async () => {
    const { width, height } = { width: 200, height: 100 };
    // White on the left half: after turning, white must be where orientation says.
    const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => (Math.floor(at / 3) % width < 100 ? 255 : 0));
    const plain = await encodeJpeg({ width, height, rgb });
    const brightOn = async (orientation: number) => {
      const { grey, width: w, height: h } = await made(withExif(plain, { orientation }));
      const sum = (test: (x: number, y: number) => boolean) => grey.reduce((total, value, at) => total + (test(at % 64, Math.floor(at / 64)) ? value : 0), 0);
      const sides = { left: sum((x) => x < 32), right: sum((x) => x >= 32), top: sum((_, y) => y < 18), bottom: sum((_, y) => y >= 18) };
      return [`${w}×${h}`, Object.entries(sides).toSorted(([, a], [, b]) => b - a)[0]![0]];
    };
    expect(await brightOn(1)).toEqual(['200×100', 'left']);
    expect(await brightOn(2)).toEqual(['200×100', 'right']);
    expect(await brightOn(3)).toEqual(['200×100', 'right']);
    expect(await brightOn(6)).toEqual(['100×200', 'top']);
    expect(await brightOn(8)).toEqual(['100×200', 'bottom']);
  });

  test('have a quality in [0, 1] that falls with blur', async () => {
    const sharpOne = await jpeg(3, { width: 800, height: 450 });
    const blurred = await sharp(sharpOne).blur(6).jpeg().toBuffer();
    const [a, b] = [(await made(sharpOne)).quality, (await made(blurred)).quality];
    expect(a).toBeLessThanOrEqual(1);
    expect(b).toBeGreaterThanOrEqual(0);
    expect(b).toBeLessThan(a / 2);
  });
});

describe('what can be seen', () => {
  const size = { width: 800, height: 450 };
  const qualityOfChanged = async (change: (value: number, x: number, y: number) => number): Promise<number> => {
    const rgb = new Uint8Array(await sharp(await jpeg(3, size)).removeAlpha().raw().toBuffer());
    return (await made(await encodeJpeg({ ...size, rgb: rgb.map((value, at) => change(value, Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width))) }))).quality;
  };

  test('falls with what covers the lens, as much as it covers below the sky', async () => {
    const [free, third, half, sky, all] = await Promise.all([1, 2 / 3, 1 / 2, 1, 0].map((from, n) => qualityOfChanged((value, x, y) => (n === 3 ? (y < size.height / 4 ? 200 : value) : x < from * size.width ? value : 30))));
    expect(third! / free!).toBeGreaterThan(0.4);
    expect(third! / free!).toBeLessThan(0.8);
    expect(half!).toBeLessThan(third!);
    expect(sky! / free!).toBeGreaterThan(0.7);
    expect(all!).toBe(0);
  });

  test('falls by night, and where the sun blinds', async () => {
    const free = await qualityOfChanged((value) => value);
    expect(await qualityOfChanged((value) => value / 60)).toBeLessThan(free / 10);
    expect(await qualityOfChanged((value, x) => (x < size.width / 2 ? 255 : value))).toBeLessThan(0.6 * free);
  });
});

describe('refusals', () => {
  test('say why', async () => {
    const picture = await jpeg(1);
    expect(await code(picture)).toBe('derived');
    expect(await code(picture, 320 * 180)).toBe('derived');
    expect(await code(picture, 320 * 180 - 1)).toBe('picture_too_large');
    expect(await code(claiming(picture, 20_000, 14_000))).toBe('picture_too_large');
    expect(await code(await jpeg(1, { width: 63, height: 500 }))).toBe('picture_too_small');
    expect(await code(picture.subarray(0, picture.length - 3000))).toBe('picture_damaged');
    expect(await code(Buffer.alloc(0))).toBe('not_a_picture');
  });

  test.each([
    ['89504e470d0a1a0a', 'a PNG'], ['474946383961', 'a GIF'], ['52494646', 'a WebP or other RIFF file'], ['0000001866747970', 'a video, HEIC or AVIF'], ['49492a00', 'a TIFF'], ['ffd9ff', 'no JPEG'],
  ])('name what %s is', async (hex, type) => {
    expect(await derive(Buffer.from(hex, 'hex'), MOST)).toEqual({ code: 'not_a_picture', detail: { type } });
  });

  test('no other decoder is left in the process', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>');
    await expect(sharp(svg).toBuffer()).rejects.toThrow();
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    await expect(sharp(png).toBuffer()).rejects.toThrow();
  });
});

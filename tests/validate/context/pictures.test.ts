import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { sceneOnce, simulateDrive } from '../../../fixtures/drive.ts';
import { derive, encodeJpeg, prepareImages } from '../../../ingest/image.ts';
import type { Drive } from '../../../shared/model/drive.ts';
import { isTelling, LOOK_BITS, type Look, lookDistance, lookOf } from '../../../shared/model/look.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { copiedImagery } from '../../../validate/context/same-imagery.ts';
import { sameness } from '../../../validate/context/same-picture.ts';
import { dataPath, testOnData } from '../../ingest/data.ts';
import { asDrive, inContext, STREETS, TODAY_S, wandering } from './streets.ts';

const RULES = RECIPE.validate.context;
const MOST_PIXELS = 50_000_000;

async function greyOf(picture: Buffer): Promise<Uint8Array> {
  const made = await derive(picture, MOST_PIXELS);
  if ('code' in made) throw new Error(made.code);
  return new Uint8Array(made.grey);
}

/** What a forger does to a picture so that its bytes differ. */
const TRICKS: Readonly<Record<string, (picture: Buffer) => Promise<Buffer>>> = {
  'encoded again': (picture) => sharp(picture).jpeg({ quality: 40 }).toBuffer(),
  'made smaller': (picture) => sharp(picture).resize(320).jpeg().toBuffer(),
  'brighter and blurred': (picture) => sharp(picture).modulate({ brightness: 1.2 }).gamma(1.4).blur(1.5).jpeg().toBuffer(),
  'cut by a twentieth': (picture) => cut(picture, 0.025),
  'without its lower edge': async (picture) => {
    const { width, height } = await sharp(picture).metadata();
    return await sharp(picture).extract({ left: 0, top: 0, width, height: Math.round(height * 0.94) }).jpeg().toBuffer();
  },
};

async function cut(picture: Buffer, share: number): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  return await sharp(picture).extract({ left: Math.round(width * share), top: Math.round(height * share), width: Math.round(width * (1 - 2 * share)), height: Math.round(height * (1 - 2 * share)) }).jpeg({ quality: 80 }).toBuffer();
}

const scene = sceneOnce(STREETS);
const ROUTE = wandering(1, 260);
const car = (seed: number) => simulateDrive({ seed, network: STREETS, route: ROUTE, scene, name: `car-${seed}`, startAtS: TODAY_S, size: { width: 480, height: 270 }, frameSpacingM: 13 });
let pictures: readonly Buffer[] = [];
let greys: readonly Uint8Array[] = [];
const original = car(1);

beforeAll(async () => {
  prepareImages();
  pictures = await Promise.all(original.frames.map((frame) => encodeJpeg(frame.render())));
  greys = await Promise.all(pictures.map(greyOf));
}, 120_000);

describe('pictures that somebody else sent before', () => {
  test.each(Object.keys(TRICKS))('%s are known again, most of them and in a row', async (name) => {
    const copy = asDrive({ ...original, driveJson: { ...original.driveJson, id: 'copy' } }, await Promise.all(pictures.map(async (picture) => greyOf(await TRICKS[name]!(picture)))));
    const [line, own] = await copiedImagery(copy, [inContext(asDrive(original, greys), 'anna')], RULES);
    expect(line).toMatchObject({ check: 'copied-imagery', reason: 'imagery_copied', isCertain: false });
    expect(line!.measured).toBeGreaterThan(0.7 * pictures.length);
    expect(line!.spans).toHaveLength(1);
    expect(own).toMatchObject({ check: 'own-imagery', measured: 0, spans: [] });
  }, 60_000);

  test("one's own again has a reason of its own", async () => {
    const [, own] = await copiedImagery(asDrive({ ...original, driveJson: { ...original.driveJson, id: 'copy' } }, greys), [inContext(asDrive(original, greys), null)], RULES);
    expect(own).toMatchObject({ reason: 'own_drive_again', spans: [{}] });
  });
});

/** All its pictures are one. */
function waiting(id: string): Drive {
  return asDrive({ ...original, driveJson: { ...original.driveJson, id } }, original.frames.map(() => greys[3]!));
}

describe('honest look-alikes', () => {
  test('a convoy, a bus on its line, a commute: the same street from nearly the same places', async () => {
    for (const seed of [2, 3]) {
      const other = car(seed);
      const seen = await Promise.all(other.frames.map(async (frame) => greyOf(await encodeJpeg(frame.render()))));
      for (const line of await copiedImagery(asDrive(other, seen), [inContext(asDrive(original, greys), 'anna'), inContext(asDrive(original, greys), null)], RULES)) expect(line.spans).toEqual([]);
    }
  }, 120_000);

  test('two drives that wait at one red light, and a bonnet at night that is the same in all pictures', async () => {
    for (const line of await copiedImagery(waiting('second'), [inContext(waiting('first'), 'anna'), inContext(waiting('mine'), null)], RULES)) expect(line.spans).toEqual([]);
  });

  testOnData('frames of a dashcam 2 m apart are not copies of one another', async () => {
    prepareImages();
    const folder = dataPath('media', 'seq-mapillary-blackvue');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jpg')).toSorted();
    const seen = await Promise.all(names.map(async (name) => greyOf(await readFile(`${folder}/${name}`))));
    const alike = seen.slice(1).map((grey, n) => sameness(grey, seen[n]!));
    expect(Math.max(...alike)).toBeLessThan(0.8 * RULES.samePicture);
    for (const [n, name] of names.entries()) expect(sameness(await greyOf(await cut(await readFile(`${folder}/${name}`), 0.02)), seen[n]!)).toBeGreaterThan(RULES.samePicture);
  }, 120_000);
});

test('the distance of looks is one: symmetric, zero of the same alone, and never over a detour', () => {
  const look = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }).map((bits) => bits as Look);
  fc.assert(fc.property(look, look, look, (a, b, c) => {
    expect(lookDistance(a, b)).toBe(lookDistance(b, a));
    expect(lookDistance(a, b) === 0).toBe(a === b);
    expect(lookDistance(a, c)).toBeLessThanOrEqual(lookDistance(a, b) + lookDistance(b, c));
    expect(lookDistance(a, ~b as Look)).toBe(LOOK_BITS - lookDistance(a, b));
  }));
});

test('a look does not change with the light, and turns round with the picture', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 20, max: 100 }), { minLength: 64 * 36, maxLength: 64 * 36 }), (values) => {
    const grey = Uint8Array.from(values);
    expect(lookOf(grey.map((value) => value * 2 + 5))).toBe(lookOf(grey));
    const mirrored = grey.map((_, n) => grey[n - (n % 64) + 63 - (n % 64)]!);
    if (isTelling(lookOf(grey))) expect(lookDistance(lookOf(grey), lookOf(mirrored))).toBeGreaterThan(0);
  }), { numRuns: 20 });
  for (const level of [0, 20, 97, 255]) expect(lookOf(new Uint8Array(64 * 36).fill(level)), `all ${level}`).toBe(0n);
});

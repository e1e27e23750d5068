import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { posedGreys } from './camera-scenes.ts';

export const CAMERA_SEED = 20_261_101;
/** Pictures that lend their texture: each is shown turned and zoomed, never as a sequence, so the sequences stay unseen. */
const PHOTO_FOLDERS = ['seq-panoramax-capferret/front', 'seq-opensfm-berlin'];
const PHOTO = { width: 256, height: 192 };

/**
 * `tsx tests/training/run-camera-export.ts OUT SCENES [DATA]`: writes the frame-pair net's training set: `greys.u8`
 * (64×36 a picture), `poses.f32` (sequence, east, north, heading, field of view), `photos.u8` and `camera.json`.
 * Called by `validate/training/camera.py`.
 */
async function run(out: string, scenes: number, data: string | null): Promise<void> {
  mkdirSync(out, { recursive: true });
  const greys = openSync(join(out, 'greys.u8'), 'w');
  const poses = openSync(join(out, 'poses.f32'), 'w');
  let count = 0;
  for (const { sequence, eM, nM, headingDeg, fovDeg, grey } of posedGreys(scenes, CAMERA_SEED)) {
    writeSync(greys, grey);
    writeSync(poses, new Uint8Array(Float32Array.of(sequence, eM, nM, headingDeg, fovDeg).buffer));
    count += 1;
    if (count % 2000 === 0) process.stderr.write(`${count} pictures so far\n`);
  }
  closeSync(greys);
  closeSync(poses);
  const photos = data === null ? [] : PHOTO_FOLDERS.map((name) => join(data, 'media', name)).filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).filter((file) => /\.jpe?g$/i.test(file)).toSorted().map((file) => join(folder, file)));
  const file = openSync(join(out, 'photos.u8'), 'w');
  for (const photo of photos) writeSync(file, await sharp(photo).autoOrient().greyscale().resize(PHOTO.width, PHOTO.height, { fit: 'fill' }).raw().toBuffer());
  closeSync(file);
  writeFileSync(join(out, 'camera.json'), JSON.stringify({ seed: CAMERA_SEED, scenes, pictures: count, photos: photos.length, photo: PHOTO }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? '.', Number(process.argv[3] ?? 40), process.argv[4] ?? null);

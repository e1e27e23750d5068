import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DemoDrive, demoNetwork, eachDemoDrive, lastNoon } from '../../fixtures/demo.ts';
import { toDriveFiles } from '../../fixtures/drive-folder.ts';
import { encodeJpeg } from '../../ingest/image.ts';

/** Writes an honest simulated drive with its pictures as a drive folder; every `each`-th picture only, to be quick; `which` of the demo's. */
export async function writeSimulatedDrive(folder: string, options: { readonly endsAtS: number; readonly each: number; readonly which?: number }): Promise<number> {
  const drive = demoDrive(options.which ?? 0, lastNoon(options.endsAtS));
  const frames = drive.frames.filter((_, index) => index % options.each === 0);
  for (const { path, text } of toDriveFiles({ ...drive, frames })) await place(join(folder, path), text);
  for (const frame of frames) await place(join(folder, frame.path), await encodeJpeg(frame.render()));
  return frames.length;
}

/** One of the demo's drives; those after it are not simulated. */
function demoDrive(which: number, endsAtS: number): DemoDrive {
  let n = 0;
  for (const drive of eachDemoDrive({ network: demoNetwork(7), endsAtS })) {
    if (n === which) return drive;
    n += 1;
  }
  throw new Error(`the demo has no drive ${which}`);
}

async function place(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

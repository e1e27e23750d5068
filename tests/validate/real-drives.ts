import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { readSensors } from '../../ingest/importers/drive-folder.ts';
import { driveOf, inputSha256, readDrive } from '../../ingest/read-drive.ts';

/** Where the shared drives lie, or null with the reason printed. */
export function realDrivesFolder(): string | null {
  const data = process.env['WAYPROOF_DATA'];
  if (data !== undefined && existsSync(join(data, 'drives'))) return join(data, 'drives');
  console.warn('skipped: WAYPROOF_DATA does not name a folder with drives/');
  return null;
}

/** All drive folders below `folder`, by name. */
export function readRealDrives(folder: string): readonly Drive[] {
  return readdirSync(folder).toSorted().filter((name) => existsSync(join(folder, name, 'drive.json'))).map((name) => readSensorDrive(join(folder, name), name));
}

/** A folder of sensors without pictures, read by the importer. */
function readSensorDrive(folder: string, name: string): Drive {
  const files = readdirSync(folder).map((path) => {
    const bytes = readFileSync(join(folder, path));
    return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const sensors = readSensors(files, RECIPE.ingest);
  const read = readDrive({ sensors, pictures: [], times: { asserted: null, cameraOffsetS: null }, rules: RECIPE.ingest });
  return driveOf(read, sensors, { name, inputSha256: inputSha256(files) });
}

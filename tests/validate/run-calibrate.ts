import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RECIPE } from '../../shared/model/recipe.ts';
import { calibrate } from '../../validate/training/calibrate.ts';
import { readRealDrives } from './real-drives.ts';

const SEED = 20_260_101;
const FILE = fileURLToPath(new URL('../../validate/model/calibration.json', import.meta.url));

/**
 * `npm run calibrate [FOLDER]`: writes the committed calibration from the honest drives in a folder. It lives with
 * the tests because it reads drives with Ingest's importer, which Validate may not import.
 */
function run(folder: string): void {
  const calibration = calibrate(readRealDrives(folder), RECIPE, SEED);
  writeFileSync(FILE, `${JSON.stringify(calibration, null, 1)}\n`);
  process.stdout.write(`${FILE}: ${calibration.window.n} windows of ${calibration.drives.length} drives\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(process.argv[2] ?? `${process.env['WAYPROOF_DATA'] ?? '.'}/drives`);

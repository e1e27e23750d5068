import { writeFileSync } from 'node:fs';
import { RECIPE } from '../../shared/model/recipe.ts';
import { calibrate } from '../../validate/training/calibrate.ts';
import { readRealDrives } from './real-drives.ts';

const SEED = 20260101;

/** `npm run calibrate`: writes `validate/model/calibration.json` from the honest drives in a folder. It lives here because it needs an importer, which no stage may import. */
const [folder = `${process.env['WAYPROOF_DATA'] ?? ''}/drives`, file = 'validate/model/calibration.json'] = process.argv.slice(2);
const calibration = calibrate(readRealDrives(folder), RECIPE, SEED);
writeFileSync(file, `${JSON.stringify(calibration, null, 1)}\n`);
process.stdout.write(`${file}: ${calibration.window.n} windows of ${calibration.drives.length} drives\n`);

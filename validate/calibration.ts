import calibration from './model/calibration.json' with { type: 'json' };
import type { Calibration } from './calibrate.ts';

/** The committed calibration; `npm run calibrate` writes it. */
export const CALIBRATION = calibration as unknown as Calibration;

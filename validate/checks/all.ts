import { cameraCopies } from './camera-copies.ts';
import { cameraStill } from './camera-still.ts';
import type { Check } from './check.ts';
import { displacement } from './displacement.ts';
import { framePlace } from './frame-place.ts';
import { speedAgreement } from './speed-agreement.ts';
import { stillness } from './stillness.ts';

/** Every check, in the order of the receipt. */
export const CHECKS: readonly Check[] = [displacement, speedAgreement, stillness, framePlace, cameraStill, cameraCopies];

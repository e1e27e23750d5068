import { cameraCopies } from './camera-copies.ts';
import { cameraStill } from './camera-still.ts';
import type { Check } from './check.ts';
import { displacement } from './displacement.ts';
import { drift } from './drift.ts';
import { filterConsistency } from './filter-consistency.ts';
import { forwardForce } from './forward-force.ts';
import { framePlace } from './frame-place.ts';
import { frozen } from './frozen.ts';
import { heading } from './heading.ts';
import { lag } from './lag.ts';
import { leapForce } from './leap-force.ts';
import { receiverNoise } from './receiver-noise.ts';
import { speedAgreement } from './speed-agreement.ts';
import { gyroStillness, stillness } from './stillness.ts';
import { trackForce } from './track-force.ts';

/** Every check, in the order of the receipt. */
export const CHECKS: readonly Check[] = [
  displacement, speedAgreement, leapForce, stillness, gyroStillness, heading, forwardForce, trackForce, lag, drift, filterConsistency, receiverNoise, frozen, framePlace, cameraStill, cameraCopies,
];

import type { ReasonCode } from './reason.ts';

/** What a reviewer can say of a flagged stretch; `unsure` leaves it to another. */
export const DECISIONS = ['accept', 'reject', 'unsure'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a reviewer can reject for, in the order of the keys 1 to 8: first what the pictures show, then what the sensors say. */
export const REJECT_REASONS = [
  'picture_elsewhere', 'picture_repeats', 'picture_not_street', 'picture_of_picture', 'light_disagrees',
  'teleport', 'speed_disagrees', 'sensor_still',
] as const satisfies readonly ReasonCode[];
export type RejectReason = (typeof REJECT_REASONS)[number];

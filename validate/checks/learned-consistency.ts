import type { Check } from './check.ts';

/**
 * All channels against one another, by a net that was trained on honest and attacked drives: the odds, in nats, that
 * they do not tell of one drive. It reads what the other checks read, so it may flag alone and never helps to reject
 * except beside a check of another channel. It cannot vouch: a net is no reason to believe.
 */
export function learnedConsistency(odds: readonly (number | null)[], limit: number): Check {
  return {
    name: LEARNED_CONSISTENCY,
    reason: 'channels_disagree',
    vouches: false,
    channels: ({ imu }) => (imu === null ? ['position', 'doppler'] : ['position', 'doppler', 'force', 'gyro']),
    over: (_sketch, { strideS }) => ({ fromS, toS }) => {
      const measured = odds[Math.round(fromS / strideS)] ?? null;
      return measured === null ? null : { measured, limit, unit: 'nat', bound: 'upper', atS: (fromS + toS) / 2 };
    },
  };
}

/** As in the receipt and in the calibration. */
export const LEARNED_CONSISTENCY = 'learned-consistency';

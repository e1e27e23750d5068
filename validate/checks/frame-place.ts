import type { Measurement } from '../../shared/model/verdict.ts';
import type { Check } from './check.ts';

/**
 * A picture's own position against the receiver's track at its time, in metres: frames.csv and EXIF say where a
 * picture counts, so they must not say more than the track does. Cameras write whole seconds, late ones.
 */
export const framePlace: Check = {
  name: 'frame-place',
  reason: 'position_disagrees',
  vouches: false,
  channels: () => ['position'],
  over: ({ placed }, { framePlace: rules, maxStepS }) => (window) => {
    let worst: Measurement | null = null;
    for (const { atS, missM, gapS, speedMps, haccM } of placed) {
      if (atS < window.fromS || atS > window.toS || gapS > maxStepS) continue;
      const limit = rules.limitM + rules.haccShare * haccM + rules.clockS * speedMps;
      if (worst === null || missM / limit > worst.measured / worst.limit) worst = { measured: missM, limit, unit: 'm', bound: 'upper', atS };
    }
    return worst;
  },
};

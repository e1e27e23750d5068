import type { Check } from './check.ts';

/**
 * Camera against position: while the track moves on, what the camera sees changes. Measured is the share of the view
 * that differs between pictures eight metres and more apart, in the median of a window; of a camera on a desk it is
 * next to none, whatever the encoder does. Where fog or darkness leaves nothing to see, nothing is said.
 */
export const cameraStill: Check = {
  name: 'camera-still',
  reason: 'camera_still',
  vouches: false,
  channels: () => ['camera', 'position'],
  over: ({ camera }, { camera: rules }) => (window) => {
    const within = (camera?.changes ?? []).filter(({ fromS, toS, changedShare }) => fromS >= window.fromS && toS <= window.toS && !Number.isNaN(changedShare));
    if (within.length < rules.leastChanges) return null;
    const sorted = within.toSorted((a, b) => a.changedShare - b.changedShare);
    const { changedShare, toS } = sorted[(sorted.length - 1) >> 1]!;
    return { measured: 100 * changedShare, limit: rules.stillPercent, unit: '%', bound: 'lower', atS: toS };
  },
};

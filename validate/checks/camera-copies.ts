import type { Check } from './check.ts';

/**
 * The same view from places far apart: a share of the window's pictures, in percent. A red light is honest, since there
 * the track stands too; a second drive through the same street sees it in other light, traffic and place.
 */
export const cameraCopies: Check = {
  name: 'camera-copies',
  reason: 'camera_copies',
  vouches: false,
  channels: () => ['camera', 'position'],
  over: ({ camera }, { camera: rules }) => (window) => {
    const isWithin = (atS: number): boolean => atS >= window.fromS && atS <= window.toS;
    const seen = (camera?.seenS ?? []).filter(isWithin);
    if (seen.length < rules.leastCopies) return null;
    const copies = camera!.copies.filter(({ atS }) => isWithin(atS));
    const counted = copies.length < rules.leastCopies ? 0 : copies.length;
    return { measured: (100 * counted) / seen.length, limit: rules.copiesPercent, unit: '%', bound: 'upper', atS: copies[0]?.atS ?? window.fromS };
  },
};

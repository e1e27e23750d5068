import { trackTurn } from '../camera/course.ts';
import type { MovedPair } from '../camera/turning.ts';
import type { Check } from './check.ts';

/**
 * Camera against position: neighbouring pictures show one place. Measured is how alike they are under the motion that
 * suits them best, in percent of a correlation, in the median of a window; pictures out of order or from elsewhere are
 * no more alike than any two streets. Where the track turns off, the view leaves with it, so those are not counted, nor are
 * pictures that show too little.
 */
export function cameraPlace(pairs: readonly MovedPair[]): Check {
  return {
    name: 'camera-place',
    reason: 'camera_scattered',
    vouches: false,
    channels: () => ['camera', 'position'],
    over: ({ track }, { camera: rules }) => {
      const turned = trackTurn(track);
      const neighbours = pairs.filter(({ apartM, fromS, toS, motion }) => apartM <= rules.neighbourM && motion.contrast >= rules.leastContrast && !(Math.abs(turned(fromS, toS)) > TURNING_DEG));
      return (window) => {
        const within = neighbours.filter(({ fromS, toS }) => fromS >= window.fromS && toS <= window.toS).toSorted((a, b) => a.motion.likeness - b.motion.likeness);
        if (within.length < LEAST_PAIRS) return null;
        const { motion, fromS } = within[(within.length - 1) >> 1]!;
        return { measured: 100 * Math.max(0, motion.likeness), limit: rules.alikePercent, unit: '%', bound: 'lower', atS: fromS };
      };
    },
  };
}

const TURNING_DEG = 20;
const LEAST_PAIRS = 6;

import { trackTurn } from '../camera/course.ts';
import type { MovedPair } from '../camera/turning.ts';
import type { Check } from './check.ts';

/**
 * Camera against position: neighbouring pictures show one place. Measured is the share of a window's neighbours that
 * do not, in percent: pictures out of order, or from elsewhere. Where the track turns off, the view leaves with it,
 * so those are not counted; nor are pictures in which too little can be seen.
 */
export function cameraPlace(pairs: readonly MovedPair[]): Check {
  return {
    name: 'camera-place',
    reason: 'camera_scattered',
    vouches: false,
    channels: () => ['camera', 'position'],
    over: ({ track }, { camera: rules }) => {
      const turned = trackTurn(track);
      const neighbours = pairs.filter(({ apartM, fromS, toS, motion }) => apartM <= rules.neighbourM && motion.obstruction < 0 && !(Math.abs(turned(fromS, toS)) > TURNING_DEG));
      return (window) => {
        const within = neighbours.filter(({ fromS, toS }) => fromS >= window.fromS && toS <= window.toS);
        if (within.length < LEAST_PAIRS) return null;
        const strangers = within.filter(({ motion }) => motion.samePlace < 0);
        return { measured: (100 * strangers.length) / within.length, limit: rules.strangersPercent, unit: '%', bound: 'upper', atS: strangers[strangers.length >> 1]?.fromS ?? window.fromS };
      };
    },
  };
}

const TURNING_DEG = 20;
const LEAST_PAIRS = 4;

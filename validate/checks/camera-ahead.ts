import type { MovedPair } from '../camera/turning.ts';
import type { Check } from './check.ts';

/**
 * Camera against position: a camera that looks ahead sees the street come nearer wherever the track moves on, one that
 * looks back sees it go, and which of the two it is stays so for a drive. Measured is the share of the way over which
 * it does not, in percent: pictures in reverse order, pictures that stand still. A camera that looks aside sees neither
 * and is not judged.
 */
export function cameraAhead(pairs: readonly MovedPair[]): Check {
  return {
    name: 'camera-ahead',
    reason: 'camera_astray',
    vouches: false,
    channels: () => ['camera', 'position'],
    over: (_sketch, { camera: rules }) => {
      const moving = pairs.filter(({ apartM, motion }) => apartM >= LEAST_M && motion.likeness >= rules.leastLikeness);
      const facing = facingOf(moving);
      return (window) => {
        if (facing === 0) return null;
        const within = moving.filter(({ fromS, toS }) => fromS >= window.fromS && toS <= window.toS);
        const wayM = lengthOf(within);
        if (wayM < rules.leastWayM || within.length < LEAST_PAIRS) return null;
        const astray = within.filter(({ motion }) => facing * motion.ahead <= 0);
        return { measured: (100 * lengthOf(astray)) / wayM, limit: rules.astrayPercent, unit: '%', bound: 'upper', atS: astray[astray.length >> 1]?.fromS ?? window.fromS };
      };
    },
  };
}

/** Nearer pictures show more noise than motion. */
const LEAST_M = 3;
const LEAST_PAIRS = 5;
const CLEAR_SHARE = 0.58;

/** 1 for a camera that looks ahead, -1 for one that looks back, 0 where over nearly half of the way it is the other one. */
function facingOf(pairs: readonly MovedPair[]): -1 | 0 | 1 {
  const aheadShare = lengthOf(pairs.filter(({ motion }) => motion.ahead > 0)) / lengthOf(pairs);
  return aheadShare >= CLEAR_SHARE ? 1 : aheadShare <= 1 - CLEAR_SHARE ? -1 : 0;
}

function lengthOf(pairs: readonly MovedPair[]): number {
  return pairs.reduce((sum, { apartM }) => sum + apartM, 0);
}

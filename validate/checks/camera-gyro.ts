import { rateTurn } from '../camera/course.ts';
import type { MovedPair } from '../camera/turning.ts';
import { levelMotion } from '../imu-level.ts';
import { turningDiffers } from './camera-turn.ts';
import type { Check } from './check.ts';

/** Camera against gyroscope: both sit on one vehicle, so they turn alike. Measured as `camera-turn` does; no position is needed. */
export function cameraGyro(pairs: readonly MovedPair[]): Check {
  return {
    name: 'camera-gyro',
    reason: 'camera_turns',
    vouches: false,
    channels: () => ['camera', 'gyro'],
    over: ({ imu }, { camera }) => (imu === null ? () => null : turningDiffers(pairs, rateTurn(levelMotion(imu).yawRadps), camera)),
  };
}

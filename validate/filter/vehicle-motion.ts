import type { ImuSketch } from '../imu-sketch.ts';
import { type LevelMotion, levelMotion, type Piece } from '../imu-level.ts';
import type { Sketch } from '../sketch.ts';
import { alongTrack } from './along-track.ts';
import { type ForwardForce, forwardForce, quickChanges } from './forward-axis.ts';
import { lagOf } from './gnss-lag.ts';
import { gyroBias, nearestTold } from './gyro-bias.ts';
import { restingPieces } from './handled.ts';
import { stillSeconds } from './imu-still.ts';
import { type PlaneForce, planeForce } from './plane-force.ts';
import { type TrackMotion, trackMotion, trackTurns } from './track-motion.ts';
import { yawSign } from './yaw-sign.ts';

/**
 * What the motion sensor and the receiver each say of one vehicle, on one clock and in one frame. All that had to be
 * known for it (mounting, sign, lag, bias) is estimated from the drive itself.
 */
export interface VehicleMotion {
  readonly imu: ImuSketch;
  /** Seconds by the motion sensor's clock. */
  readonly seconds: number;
  /** Between them the device was handled. */
  readonly pieces: readonly Piece[];
  readonly still: Uint8Array;
  readonly level: LevelMotion;
  /** Turn rate clockwise about the vertical, without its bias. */
  readonly yawRadps: Float64Array;
  /** The yaw rate's bias by a standstill nearby; NaN where none told it and the nearest one was taken off. */
  readonly biasRadps: Float64Array;
  /** Sum of the turn until the beginning of each second, and how many seconds until then are missing. */
  readonly turnedRad: Float64Array;
  readonly missing: Float64Array;
  /** The receiver's motion, read at its lag. */
  readonly track: TrackMotion;
  readonly lagS: number;
  /** Change of the reported speed without what lasts half a minute, and what of it the force explains. */
  readonly quickMps2: Float64Array;
  readonly forward: ForwardForce;
  readonly plane: PlaneForce;
}

/** Receivers lag the motion sensor by up to a second; a mean's time stamp may stand at either end of its second. */
const LAGS_S = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
/** Below this the turns do not tell the lag. */
const CLEAR = 0.5;

const KNOWN = new WeakMap<Sketch, VehicleMotion | null>();

/** The estimate, worked out once for each sketch; null without a motion sensor. */
export function vehicleMotion(sketch: Sketch): VehicleMotion | null {
  const known = KNOWN.get(sketch);
  if (known !== undefined) return known;
  const motion = sketch.imu === null ? null : estimated(sketch, sketch.imu);
  KNOWN.set(sketch, motion);
  return motion;
}

function estimated(sketch: Sketch, imu: ImuSketch): VehicleMotion {
  const seconds = imu.forceNormMps2.length;
  const pieces = restingPieces(imu);
  const still = stillSeconds(imu);
  const level = levelMotion(imu, pieces);
  const biasRadps = gyroBias(level.yawRadps, still);
  const heldRadps = nearestTold(biasRadps);
  const unbiased = level.yawRadps.map((rate, k) => rate - heldRadps[k]!);
  const along = alongTrack(sketch.track);
  const byTurns = lagOf({ felt: unbiased, told: (lagS) => trackTurns(along, seconds, lagS), lagsS: LAGS_S });
  const lagS = byTurns !== null && byTurns.correlation > CLEAR ? byTurns.lagS : 0.5;
  const track = trackMotion(along, seconds, lagS);
  const sign = yawSign(unbiased, track.turnRadps);
  const yawRadps = sign === 1 ? unbiased : unbiased.map((rate) => -rate);
  const quickMps2 = quickChanges(track.changeMps2);
  return {
    imu, seconds, pieces, still, level, yawRadps, biasRadps, ...turned(yawRadps), track, lagS, quickMps2,
    forward: forwardForce(level, quickMps2, pieces),
    plane: planeForce(level, { forwardMps2: track.changeMps2, rightMps2: track.turnRadps.map((turn, k) => turn * track.speedMps[k]!) }, pieces),
  };
}

function turned(yawRadps: Float64Array): Pick<VehicleMotion, 'turnedRad' | 'missing'> {
  const [turnedRad, missing] = [new Float64Array(yawRadps.length + 1), new Float64Array(yawRadps.length + 1)];
  for (const [k, rate] of yawRadps.entries()) {
    const isThere = Number.isFinite(rate);
    turnedRad[k + 1] = turnedRad[k]! + (isThere ? rate : 0);
    missing[k + 1] = missing[k]! + (isThere ? 0 : 1);
  }
  return { turnedRad, missing };
}

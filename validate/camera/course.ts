import { turnDeg } from '../../shared/model/geo.ts';
import { firstAfter } from '../checks/coverage.ts';
import { UNSTATED_M } from '../filter/radius.ts';
import type { Track } from '../sketch.ts';

/** Tells by how many degrees something turned between two times (seconds since the sketch's start), clockwise; NaN where it cannot. */
export type TurnBetween = (fromS: number, toS: number) => number;

/** A direction is that of the chord over so long to either side, widened where the vehicle is slow, */
const REACH_S = 1.5;
const MOST_REACH_S = 3;
/** which must be this long, and so many times the radius that its ends are known to, so that noise does not turn it, */
const LEAST_CHORD_M = 8;
const LEAST_RADII = 3;
/** and lie between fixes no further apart. */
const MOST_GAP_S = 8;

/** The track's turn from one time to another: of its direction of travel, not of the vehicle's nose. */
export function trackTurn(track: Track): TurnBetween {
  const east = new Float64Array(track.atS.length);
  const north = new Float64Array(track.atS.length);
  for (let n = 0; n < track.stepM.length; n += 1) {
    east[n + 1] = east[n]! + track.stepEastM[n]!;
    north[n + 1] = north[n]! + track.stepNorthM[n]!;
  }
  const at = (atS: number): readonly [number, number] | null => {
    const next = firstAfter(track.atS, atS);
    if (next === 0 || (next === track.atS.length && atS > track.atS.at(-1)!)) return null;
    const [before, after] = [Math.max(0, next - 1), Math.min(next, track.atS.length - 1)];
    const gapS = track.atS[after]! - track.atS[before]!;
    if (gapS > MOST_GAP_S) return null;
    const part = gapS === 0 ? 0 : (atS - track.atS[before]!) / gapS;
    return [east[before]! + (east[after]! - east[before]!) * part, north[before]! + (north[after]! - north[before]!) * part];
  };
  const leastChordM = (atS: number): number => {
    const hacc = track.haccM[Math.max(0, firstAfter(track.atS, atS) - 1)]!;
    return Math.max(LEAST_CHORD_M, LEAST_RADII * (Number.isFinite(hacc) ? hacc : UNSTATED_M[track.source]));
  };
  const courseAt = (atS: number): number => {
    for (let reachS = REACH_S; reachS <= MOST_REACH_S; reachS += REACH_S) {
      const [from, to] = [at(atS - reachS), at(atS + reachS)];
      if (from === null || to === null) return NaN;
      const [eM, nM] = [to[0] - from[0], to[1] - from[1]];
      if (Math.hypot(eM, nM) >= leastChordM(atS)) return (Math.atan2(eM, nM) * 180) / Math.PI;
    }
    return NaN;
  };
  return (fromS, toS) => turnDeg(courseAt(fromS), courseAt(toS));
}

/** Turned about the vertical, from a rate at 1 Hz that is positive clockwise. */
export function rateTurn(yawRadps: Float64Array): TurnBetween {
  return (fromS, toS) => {
    let sum = 0;
    for (let k = Math.max(0, Math.floor(fromS)); k < Math.min(yawRadps.length, toS); k += 1) sum += yawRadps[k]! * (Math.min(toS, k + 1) - Math.max(fromS, k));
    return fromS < 0 || toS > yawRadps.length ? NaN : (sum * 180) / Math.PI;
  };
}

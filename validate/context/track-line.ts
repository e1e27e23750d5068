import type { Drive, UnixSeconds } from '../../shared/model/drive.ts';
import type { LatLon } from '../../shared/model/geo.ts';

/** A drive's positions about a second apart, in metres east and north of an origin; what context checks compare. */
export interface TrackLine {
  readonly tS: Float64Array;
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  readonly haccM: Float64Array;
}

/** Where a track passes a point. */
export interface Passing {
  readonly tS: UnixSeconds;
  /** From the track to the point, positive to the right of its direction. */
  readonly rightM: number;
  /** The unit vector to the right of the track there. */
  readonly rightEast: number;
  readonly rightNorth: number;
}

/** Finds where a track passes; made once a track. */
export type FindPassing = (point: { readonly eastM: number; readonly northM: number; readonly directionRad: number }) => Passing | null;

/** The recipe's limits on positions that are compared. */
export interface LineRules {
  readonly usableHaccM: number;
  readonly reachM: number;
}

const METRES_PER_DEG = 111_195;
const THIN_S = 0.9;
/** Between fixes further apart in time the way is unknown. */
export const LONGEST_GAP_S = 5;
/** Two ways along one road, or through one crossing, differ in direction by less; oncoming lanes and side streets by more. */
const SAME_WAY_RAD = (35 * Math.PI) / 180;
/** Shorter steps have no direction but the noise's. */
const SHORTEST_STEP_M = 1.5;
/** 70 m/s over a second and a half. */
const LONGEST_STEP_M = 100;

/** Metres about `origin` on a plane: within the 100 km of a drive the error is common to both tracks that are compared. */
export function lineOf({ gnss, frames }: Pick<Drive, 'gnss' | 'frames'>, origin: LatLon, { usableHaccM }: LineRules): TrackLine {
  const from = gnss.length > 0 ? gnss : frames.map(({ capturedAt, latDeg, lonDeg, haccM }) => ({ tS: capturedAt, latDeg, lonDeg, haccM }));
  let lastS = -Infinity;
  const kept = from.toSorted((a, b) => a.tS - b.tS).filter(({ tS, haccM }) => {
    const isKept = tS - lastS >= THIN_S && (haccM === null || haccM <= usableHaccM);
    if (isKept) lastS = tS;
    return isKept;
  });
  const eastScale = METRES_PER_DEG * Math.cos((origin.latDeg * Math.PI) / 180);
  return {
    tS: Float64Array.from(kept, ({ tS }) => tS),
    eastM: Float64Array.from(kept, ({ lonDeg }) => wrapped(lonDeg - origin.lonDeg) * eastScale),
    northM: Float64Array.from(kept, ({ latDeg }) => (latDeg - origin.latDeg) * METRES_PER_DEG),
    haccM: Float64Array.from(kept, ({ haccM }) => haccM ?? NaN),
  };
}

/** Direction of travel at each point, in radians clockwise from north; NaN where it stands. */
export function directionsOf({ tS, eastM, northM }: TrackLine): Float64Array {
  return Float64Array.from(tS, (_, n) => {
    const [from, to] = [Math.max(0, n - 1), Math.min(tS.length - 1, n + 1)];
    const [east, north] = [eastM[to]! - eastM[from]!, northM[to]! - northM[from]!];
    return tS[to]! - tS[from]! > 2 * LONGEST_GAP_S || Math.hypot(east, north) < 2 * SHORTEST_STEP_M ? NaN : Math.atan2(east, north);
  });
}

/** The nearest piece of the track that goes the same way within `reachM`. */
export function passingOn({ tS, eastM, northM }: TrackLine, { reachM }: LineRules): FindPassing {
  const pieces = new Map<number, number[]>();
  const fieldM = Math.max(reachM, LONGEST_STEP_M);
  const fieldOf = (metres: number): number => Math.floor(metres / fieldM);
  for (let n = 0; n + 1 < tS.length; n += 1) {
    const stepM = Math.hypot(eastM[n + 1]! - eastM[n]!, northM[n + 1]! - northM[n]!);
    if (tS[n + 1]! - tS[n]! > LONGEST_GAP_S || stepM < SHORTEST_STEP_M || stepM > LONGEST_STEP_M) continue;
    const field = keyOf(fieldOf(eastM[n]!), fieldOf(northM[n]!));
    const there = pieces.get(field);
    if (there === undefined) pieces.set(field, [n]);
    else there.push(n);
  }
  return ({ eastM: east, northM: north, directionRad }) => {
    let best: Passing | null = null;
    let nearestM = reachM;
    for (let i = -1; i <= 1; i += 1) {
      for (let j = -1; j <= 1; j += 1) {
        for (const n of pieces.get(keyOf(fieldOf(east) + i, fieldOf(north) + j)) ?? []) {
          const [de, dn] = [eastM[n + 1]! - eastM[n]!, northM[n + 1]! - northM[n]!];
          if (Math.abs(turn(Math.atan2(de, dn) - directionRad)) > SAME_WAY_RAD) continue;
          const stepM = Math.hypot(de, dn);
          const along = Math.max(0, Math.min(1, ((east - eastM[n]!) * de + (north - northM[n]!) * dn) / stepM ** 2));
          const [missEast, missNorth] = [east - eastM[n]! - along * de, north - northM[n]! - along * dn];
          const missM = Math.hypot(missEast, missNorth);
          if (missM >= nearestM) continue;
          nearestM = missM;
          const [rightEast, rightNorth] = [dn / stepM, -de / stepM];
          best = { tS: tS[n]! + along * (tS[n + 1]! - tS[n]!), rightM: missEast * rightEast + missNorth * rightNorth, rightEast, rightNorth };
        }
      }
    }
    return best;
  };
}

/** One number for two: fields lie within a million of each other. */
function keyOf(i: number, j: number): number {
  return i * 2 ** 21 + j;
}

/** Folded into (-π, π]. */
function turn(rad: number): number {
  return Math.atan2(Math.sin(rad), Math.cos(rad));
}

function wrapped(deg: number): number {
  return deg > 180 ? deg - 360 : deg < -180 ? deg + 360 : deg;
}

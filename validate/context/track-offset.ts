import type { UnixSeconds } from '../../shared/model/drive.ts';
import { huberWeights, leastSquares, median } from './least-squares.ts';
import { directionsOf, type FindPassing, type TrackLine } from './track-line.ts';

/** By how much a stretch of a track lies beside another one, as one constant. */
export interface TrackOffset {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
  readonly eastM: number;
  readonly northM: number;
  /** What remains of the distances across the road when the constant is taken away: the median. */
  readonly spreadM: number;
}

const STRETCH_S = 600;
const FEWEST_POINTS = 60;
/**
 * The smaller eigenvalue of the mean of n·nᵀ over the normals n of the road: 0 on a straight, ½ where all directions
 * are alike. On a straight, a parallel road or another lane looks like an offset; round corners it does not.
 */
const LEAST_TURNING = 0.08;
const ROUNDS = 6;

/** Across the road only: how far along it two drives are says nothing. One answer for each ten minutes that share enough road. */
export function trackOffsets(own: TrackLine, find: FindPassing): readonly TrackOffset[] {
  const directions = directionsOf(own);
  const stretches = new Map<number, { readonly tS: number; readonly rightM: number; readonly east: number; readonly north: number }[]>();
  for (const [n, tS] of own.tS.entries()) {
    if (Number.isNaN(directions[n]!)) continue;
    const passing = find({ eastM: own.eastM[n]!, northM: own.northM[n]!, directionRad: directions[n]! });
    if (passing === null) continue;
    const stretch = Math.floor((tS - own.tS[0]!) / STRETCH_S);
    const points = stretches.get(stretch) ?? [];
    points.push({ tS, rightM: passing.rightM, east: passing.rightEast, north: passing.rightNorth });
    stretches.set(stretch, points);
  }
  return [...stretches.values()].flatMap((points) => {
    if (points.length < FEWEST_POINTS || turning(points) < LEAST_TURNING) return [];
    let weights: readonly number[] = points.map(() => 1);
    let found: TrackOffset | null = null;
    for (let round = 0; round < ROUNDS; round += 1) {
      const offset = leastSquares({ rows: points.map(({ east, north }) => [east, north]), values: points.map(({ rightM }) => rightM), weights }, 2);
      if (offset === null) return [];
      const [eastM, northM] = [offset[0]!, offset[1]!];
      const left = points.map(({ rightM, east, north }) => rightM - east * eastM - north * northM);
      weights = huberWeights(left);
      found = { fromS: points[0]!.tS, toS: points.at(-1)!.tS, eastM, northM, spreadM: median(left.map(Math.abs)) };
    }
    return found === null ? [] : [found];
  });
}

function turning(points: readonly { readonly east: number; readonly north: number }[]): number {
  const mean = (of: (point: { readonly east: number; readonly north: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [ee, nn, en] = [mean(({ east }) => east * east), mean(({ north }) => north * north), mean(({ east, north }) => east * north)];
  return (ee + nn) / 2 - Math.hypot((ee - nn) / 2, en);
}

/**
 * One second of a span: how the track moved, seen from the heading that the gyroscope leads to. A vehicle does not
 * slide sideways, so its sideways speed is what a wrong heading feigns (forward speed times an angle) or a drift of the
 * positions against the fixed world.
 */
export interface DriftRow {
  /** Seconds from the middle of the span. */
  readonly atS: number;
  /** The track's velocity along the heading and to its right. */
  readonly forwardMps: number;
  readonly rightMps: number;
  /** East and north of the unit vector to the right of the heading. */
  readonly rightEast: number;
  readonly rightNorth: number;
}

/** A constant drift over the span. */
export interface Drift {
  readonly eastMps: number;
  readonly northMps: number;
  readonly speedMps: number;
  /** How surely it is none: root of the drop of the squared residuals, in standard deviations of the noise. */
  readonly significance: number;
}

/** Weights of east and north drift, of the heading's error, and of its growth: the gyroscope's bias. */
const SIZE = 4;
/** Drifts (m/s) and heading errors (rad) are no larger; the prior keeps a straight road from explaining all with any. */
const PRIOR_SIGMA = [10, 10, 0.3] as const;

/**
 * Generalised likelihood ratio of a drift: least squares of the sideways speeds over a span with heading error and
 * bias alone, and with a constant drift besides. Linear, since the heading error is small after the rows were turned by
 * the mean one. The bias (rad/s) is no larger than stated. Null where the rows tell nothing.
 */
export function fitDrift(rows: readonly DriftRow[], sigmaMps: number, biasRadps: number): Drift | null {
  const sums = sumsOf(rows, sigmaMps, biasRadps);
  const [without, fit] = [solved(sums, [2, 3]), solved(sums, [0, 1, 2, 3])];
  if (without === null || fit === null) return null;
  const [eastMps, northMps] = [fit.weights[0]!, fit.weights[1]!];
  return { eastMps, northMps, speedMps: Math.hypot(eastMps, northMps), significance: Math.sqrt(Math.max(0, fit.explained - without.explained)) };
}

interface Sums {
  /** Row by row. */
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/** Normal equations in units of the noise; the prior is part of them. */
function sumsOf(rows: readonly DriftRow[], sigmaMps: number, biasRadps: number): Sums {
  const sigmas = [...PRIOR_SIGMA, biasRadps];
  const [matrix, vector, terms] = [new Float64Array(SIZE * SIZE), new Float64Array(SIZE), new Float64Array(SIZE)];
  for (let n = 0; n < SIZE; n += 1) matrix[n * SIZE + n] = 1 / sigmas[n]! ** 2;
  const weight = 1 / sigmaMps ** 2;
  for (const { atS, forwardMps, rightMps, rightEast, rightNorth } of rows) {
    terms[0] = rightEast;
    terms[1] = rightNorth;
    terms[2] = forwardMps;
    terms[3] = forwardMps * atS;
    for (let n = 0; n < SIZE; n += 1) {
      const weighted = weight * terms[n]!;
      vector[n]! += weighted * rightMps;
      for (let m = 0; m < SIZE; m += 1) matrix[n * SIZE + m]! += weighted * terms[m]!;
    }
  }
  return { matrix, vector };
}

interface Solution {
  readonly weights: readonly number[];
  /** Squared residuals that the weights explain, over the noise's variance. */
  readonly explained: number;
}

/** Gauss-Jordan on the chosen unknowns; null where they cannot be told apart. */
function solved({ matrix, vector }: Sums, unknowns: readonly number[]): Solution | null {
  const size = unknowns.length;
  const rows = unknowns.map((n, at) => [...unknowns.map((m) => matrix[n * SIZE + m]!), ...unknowns.map((_, m) => (m === at ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    const pivot = rows[column]![column]!;
    if (!(pivot > 1e-12)) return null;
    for (let m = 0; m < 2 * size; m += 1) rows[column]![m]! /= pivot;
    for (let n = 0; n < size; n += 1) {
      const factor = rows[n]![column]!;
      if (n === column || factor === 0) continue;
      for (let m = 0; m < 2 * size; m += 1) rows[n]![m]! -= factor * rows[column]![m]!;
    }
  }
  const given = unknowns.map((n) => vector[n]!);
  const weights = rows.map((row) => given.reduce((sum, value, m) => sum + value * row[size + m]!, 0));
  return { weights, explained: weights.reduce((sum, value, n) => sum + value * given[n]!, 0) };
}

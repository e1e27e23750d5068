/** Rows of a linear system `row · x ≈ value`, each with its weight. */
export interface Equations {
  readonly rows: readonly (readonly number[])[];
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

/** The x of least squares, or null where the rows do not determine it: normal equations by Gauss with pivoting, a handful of unknowns. */
export function leastSquares({ rows, values, weights }: Equations, unknowns: number): readonly number[] | null {
  const normal = Array.from({ length: unknowns }, () => Array.from({ length: unknowns + 1 }, () => 0));
  for (const [n, row] of rows.entries()) {
    for (let i = 0; i < unknowns; i += 1) {
      const weighted = weights[n]! * row[i]!;
      for (let j = 0; j < unknowns; j += 1) normal[i]![j]! += weighted * row[j]!;
      normal[i]![unknowns]! += weighted * values[n]!;
    }
  }
  for (let i = 0; i < unknowns; i += 1) {
    const pivot = normal.slice(i).reduce((best, row, k) => (Math.abs(row[i]!) > Math.abs(normal[best]![i]!) ? i + k : best), i);
    [normal[i], normal[pivot]] = [normal[pivot]!, normal[i]!];
    if (Math.abs(normal[i]![i]!) < 1e-9) return null;
    for (let k = i + 1; k < unknowns; k += 1) {
      const factor = normal[k]![i]! / normal[i]![i]!;
      for (let j = i; j <= unknowns; j += 1) normal[k]![j]! -= factor * normal[i]![j]!;
    }
  }
  const x = Array.from({ length: unknowns }, () => 0);
  for (let i = unknowns - 1; i >= 0; i -= 1) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + normal[i]![j]! * value : sum), 0);
    x[i] = (normal[i]![unknowns]! - known) / normal[i]![i]!;
  }
  return x;
}

/** Huber's weights: 1 up to 1.5 robust standard deviations, less beyond. */
export function huberWeights(residuals: readonly number[]): readonly number[] {
  const scale = Math.max(1e-6, 1.5 * 1.4826 * median(residuals.map(Math.abs)));
  return residuals.map((residual) => (Math.abs(residual) <= scale ? 1 : scale / Math.abs(residual)));
}

/** The upper middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** A point of a ROC curve: both are shares of windows above one threshold. */
export interface RocPoint {
  readonly fpr: number;
  readonly tpr: number;
}

/** Every step of the curve from (0, 0) to (1, 1), for thresholds at each value that an honest window has. */
export function rocOf(attacked: readonly number[], honest: readonly number[]): readonly RocPoint[] {
  if (attacked.length === 0 || honest.length === 0) return [];
  const falling = { attacked: attacked.toSorted((a, b) => b - a), honest: honest.toSorted((a, b) => b - a) };
  const points: RocPoint[] = [];
  let found = 0;
  for (let wrong = 0; wrong < honest.length; wrong += 1) {
    const threshold = falling.honest[wrong]!;
    if (wrong > 0 && threshold === falling.honest[wrong - 1]) continue;
    while (found < attacked.length && falling.attacked[found]! > threshold) found += 1;
    points.push({ fpr: wrong / honest.length, tpr: found / attacked.length });
  }
  return [...points, { fpr: 1, tpr: 1 }];
}

/** The share found at a false positive rate: that of the last step which does not go beyond it. */
export function tprAt(points: readonly RocPoint[], fpr: number): number {
  return points.findLast((point) => point.fpr <= fpr)?.tpr ?? 0;
}

/** Rates at which curves are drawn: the same for all, so that they can be averaged. */
export function rates(least: number, steps: number): readonly number[] {
  return Array.from({ length: steps + 1 }, (_, n) => least ** (1 - n / steps));
}

/** The mean of several curves at each rate. */
export function meanCurve(curves: readonly (readonly RocPoint[])[], at: readonly number[]): readonly RocPoint[] {
  return at.map((fpr) => ({ fpr, tpr: curves.reduce((sum, curve) => sum + tprAt(curve, fpr), 0) / Math.max(1, curves.length) }));
}

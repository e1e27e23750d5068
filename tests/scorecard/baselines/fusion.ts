/** Weights of features and of their absence, after each feature was brought to mean 0 and spread 1. */
export interface Logistic {
  readonly means: readonly number[];
  readonly spreads: readonly number[];
  readonly weights: readonly number[];
}

const STEPS = 12;
/** Holds weights near 0 where the data say nothing (ridge). */
const RIDGE = 1;

/** Logistic regression by Newton's method, both classes with equal weight in all. A missing feature counts as its mean, and says so. */
export function fitLogistic(honest: readonly (readonly number[])[], attacked: readonly (readonly number[])[]): Logistic {
  const all = [...honest, ...attacked];
  const size = all[0]?.length ?? 0;
  const columns = Array.from({ length: size }, (_, n) => all.map((row) => row[n]!).filter(Number.isFinite));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length));
  const spreads = columns.map((column, n) => Math.sqrt(column.reduce((sum, value) => sum + (value - means[n]!) ** 2, 0) / Math.max(1, column.length)) || 1);
  const scale = { means, spreads };
  const rows = all.map((row, n) => ({ x: inputs(scale, row), isAttack: n >= honest.length, weight: all.length / 2 / (n < honest.length ? honest.length : attacked.length) }));
  let weights: readonly number[] = Array.from({ length: 2 * size + 1 }, () => 0);
  for (let step = 0; step < STEPS; step += 1) weights = newtonStep(rows, weights);
  return { ...scale, weights };
}

/** Log-odds of an attack. */
export function logOdds(fitted: Logistic, features: readonly number[]): number {
  return inputs(fitted, features).reduce((sum, value, n) => sum + value * fitted.weights[n]!, 0);
}

function inputs({ means, spreads }: Pick<Logistic, 'means' | 'spreads'>, row: readonly number[]): readonly number[] {
  return [1, ...row.map((value, n) => (Number.isFinite(value) ? (value - means[n]!) / spreads[n]! : 0)), ...row.map((value) => (Number.isFinite(value) ? 0 : 1))];
}

interface Weighted {
  readonly x: readonly number[];
  readonly isAttack: boolean;
  readonly weight: number;
}

function newtonStep(rows: readonly Weighted[], weights: readonly number[]): readonly number[] {
  const size = weights.length;
  const gradient = weights.map((weight, n) => (n === 0 ? 0 : -RIDGE * weight));
  const hessian = weights.map((_, i) => weights.map((_, j) => (i === j ? (i === 0 ? 1e-9 : RIDGE) : 0)));
  for (const { x, isAttack, weight } of rows) {
    const chance = 1 / (1 + Math.exp(-x.reduce((sum, value, n) => sum + value * weights[n]!, 0)));
    const bend = weight * Math.max(1e-6, chance * (1 - chance));
    for (let i = 0; i < size; i += 1) {
      gradient[i]! += weight * ((isAttack ? 1 : 0) - chance) * x[i]!;
      for (let j = 0; j <= i; j += 1) hessian[i]![j]! += bend * x[i]! * x[j]!;
    }
  }
  const step = solved(hessian.map((row, i) => row.map((value, j) => (j <= i ? value : hessian[j]![i]!))), gradient);
  return weights.map((weight, n) => weight + step[n]!);
}

/** Gauss-Jordan elimination; the matrix is positive definite. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, n) => [...row, right[n]!]);
  for (let at = 0; at < rows.length; at += 1) {
    const pivot = rows[at]!;
    for (const [n, row] of rows.entries()) {
      if (n === at) continue;
      const share = row[at]! / pivot[at]!;
      for (let k = at; k < row.length; k += 1) row[k]! -= share * pivot[k]!;
    }
  }
  return rows.map((row, n) => row.at(-1)! / row[n]!);
}

/** A mark on an axis, and what stands beside it. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const LABEL_PX = 84;
const MINUTE_S = 60;

/** Times along the foot of the plots, in Unix seconds: round ones, as many as there is room for. */
export function timeTicks(fromS: number, toS: number, widthPx: number): readonly number[] {
  return roundSteps(fromS, toS, { steps: STEPS_S, most: Math.max(1, Math.floor(widthPx / LABEL_PX)) });
}

/** Whether such times need their seconds to be told apart. */
export function needSeconds(ticks: readonly number[]): boolean {
  return ticks.some((tS) => tS % MINUTE_S !== 0);
}

/** Multiples of the smallest of these steps that makes no more marks than `most`. */
export function roundSteps(from: number, to: number, { steps, most }: { readonly steps: readonly number[]; readonly most: number }): readonly number[] {
  const step = steps.find((one) => (to - from) / one <= most) ?? (to - from) / most;
  return multiples(from, to, step);
}

/** 1, 2 and 5 times each power of ten between two positive numbers; powers alone where there are enough of them. */
export function decades(from: number, to: number): readonly number[] {
  const powers = Array.from({ length: 24 }, (_, n) => 10 ** (n - 12));
  const tens = powers.filter((power) => power >= from && power <= to);
  return tens.length >= 2 ? tens : powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((value) => value >= from && value <= to);
}

function multiples(from: number, to: number, step: number): readonly number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, n) => (first + n) * step);
}

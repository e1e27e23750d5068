import type { MeasuredCheck } from './answers.ts';

/** How near a measured value came to its limit. */
export type Nearness = 'within' | 'close' | 'over';

/** From this share of its limit on, a value is called close. */
const CLOSE = 0.8;

/** Whether a value is to stay over its limit, not under it. */
export function hasLeast({ name, bound }: MeasuredCheck): boolean {
  // An older answer does not say which way a limit points; only a still sensor has a lowest value.
  return (bound ?? (name === 'stillness' ? 'lower' : 'upper')) === 'lower';
}

/** How far a value has gone to its limit: 1 at the limit, more beyond it. */
export function shareOfLimit(check: MeasuredCheck): number {
  const { measured, limit } = check;
  const [part, whole] = hasLeast(check) ? [limit, measured] : [measured, limit];
  return whole === 0 ? (part === 0 ? 0 : 2) : part / whole;
}

/** Whether a value stayed within its limit. */
export function nearnessOf(check: MeasuredCheck): Nearness {
  const share = shareOfLimit(check);
  return share > 1 ? 'over' : share >= CLOSE ? 'close' : 'within';
}

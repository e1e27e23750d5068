import type { CheckAnswer } from './answers.ts';
import { quantityText } from './quantities.ts';
import { say, sayIfKnown } from './words.ts';

/** How near a measured value came to its limit. */
export type Nearness = 'within' | 'close' | 'over';

/** From this share of its limit on, a value is called close. */
const CLOSE = 0.8;

/** How far a value has gone to its limit: 1 at the limit, more beyond it. */
export function shareOfLimit({ name, measured, limit, bound }: CheckAnswer): number {
  // An older answer does not say which way a limit points; only a still sensor has a lowest value.
  const lower = (bound ?? (name === 'stillness' ? 'lower' : 'upper')) === 'lower';
  const [part, whole] = lower ? [limit, measured] : [measured, limit];
  return whole === 0 ? (part === 0 ? 0 : 2) : part / whole;
}

/** Whether a value stayed within its limit. */
export function nearnessOf(check: CheckAnswer): Nearness {
  const share = shareOfLimit(check);
  return share > 1 ? 'over' : share >= CLOSE ? 'close' : 'within';
}

/** What a check is called. */
export function checkName(name: string): string {
  return sayIfKnown(`check.${name}`) ?? name;
}

/** A check as a sentence: what was measured, and what its limit is. */
export function checkSentence({ name, measured, limit, unit }: CheckAnswer): string {
  const figures = { measured: quantityText(measured, unit), limit: quantityText(limit, unit) };
  return sayIfKnown(`check.${name}.${unit}`, figures) ?? sayIfKnown(`check.${name}.text`, figures) ?? say('check.other.text', figures);
}

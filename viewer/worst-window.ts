import type { WindowVerdict } from '../shared/model/verdict.ts';
import type { CheckAnswer } from './answers.ts';
import { nearnessOf, shareOfLimit } from './nearness.ts';

/** The checks of the worst window over an instant, the strongest first: what the frame's verdict came from. */
export function checksAt(windows: readonly WindowVerdict[], capturedAt: string | null): readonly CheckAnswer[] {
  if (capturedAt === null) return [];
  const tS = Date.parse(capturedAt) / 1000;
  const over = windows.filter(({ fromS, toS }) => fromS <= tS && tS < toS);
  const worst = over.reduce<WindowVerdict | null>((sofar, window) => (sofar === null || window.score > sofar.score ? window : sofar), null);
  return Object.entries(worst?.checks ?? {})
    .map(([name, check]) => ({ name, ...check }))
    .toSorted((a, b) => b.score - a.score);
}

/** Each check that went over its limit anywhere, where it did so most; the strongest first. */
export function worstOverLimit(windows: readonly WindowVerdict[]): readonly CheckAnswer[] {
  const worst = new Map<string, CheckAnswer>();
  for (const { checks } of windows) {
    for (const [name, measured] of Object.entries(checks)) {
      const check = { name, ...measured };
      const before = worst.get(name);
      if (nearnessOf(check) === 'over' && (before === undefined || shareOfLimit(check) > shareOfLimit(before))) worst.set(name, check);
    }
  }
  return [...worst.values()].toSorted((a, b) => shareOfLimit(b) - shareOfLimit(a));
}

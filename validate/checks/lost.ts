import type { DisplacementRules } from '../../shared/model/validate-rules.ts';
import type { Track } from '../sketch.ts';

/** A receiver that sees its sky reports every second or two. */
const SELDOM_S = 2.5;

/**
 * 1 for each step over which a receiver has lost itself: after a gap, or where it reports seldom and says before and
 * after, within the time that it needs to settle, that it does not know its place. What it states between those two is
 * worth no more: indoors phones state 20 m and leap by 170 m.
 */
export function lostSteps({ atS, stepM, haccM }: Track, rules: DisplacementRules): Uint8Array {
  const isBad = (n: number): boolean => haccM[n]! > rules.reacquisitionHaccM;
  const lost = new Uint8Array(stepM.length);
  let badS = -Infinity;
  for (let n = 0; n < stepM.length; n += 1) {
    if (isBad(n)) badS = atS[n]!;
    const durationS = atS[n + 1]! - atS[n]!;
    if (durationS > rules.reacquisitionGapS) lost[n] = 1;
    if (durationS <= SELDOM_S || atS[n]! - badS > rules.reacquisitionS) continue;
    for (let after = n + 1; after < atS.length && atS[after]! - atS[n + 1]! <= rules.reacquisitionS && lost[n] === 0; after += 1) if (isBad(after)) lost[n] = 1;
  }
  return lost;
}

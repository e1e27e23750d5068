import { setImmediate } from 'node:timers/promises';
import type { SketchedDrive } from '../judge.ts';
import { align, type Alignment } from './alignment.ts';

/** Aligned without a pause: a few tens of milliseconds, so that requests need not wait for a drive of thousands. */
const AT_ONCE = 16;

/** How the second picture of each pair follows from the first, a list a part. Pure but for the time it takes. */
export async function alignPairs({ sketched }: Pick<SketchedDrive, 'sketched'>): Promise<readonly (readonly Alignment[])[]> {
  const parts: (readonly Alignment[])[] = [];
  for (const { sketch } of sketched) {
    const pairs = sketch?.camera?.pairs ?? [];
    const aligned: Alignment[] = [];
    for (const [n, { first, second }] of pairs.entries()) {
      if (n > 0 && n % AT_ONCE === 0) await setImmediate();
      aligned.push(align(first.grey, second.grey));
    }
    parts.push(aligned);
  }
  return parts;
}

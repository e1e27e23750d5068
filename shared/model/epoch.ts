import type { UnixSeconds } from './drive.ts';

/** Weeks since the first Monday of Unix time, 1970-01-05T00:00:00Z, which begins epoch 0. */
export type Epoch = number;

const WEEK_S = 7 * 86_400;
const FIRST_MONDAY_S = 4 * 86_400;

export function epochOf(tS: UnixSeconds): Epoch {
  return Math.floor((tS - FIRST_MONDAY_S) / WEEK_S);
}

/** `[from, to)` of an epoch, Monday 00:00 UTC to the next. */
export function epochSpan(epoch: Epoch): readonly [UnixSeconds, UnixSeconds] {
  const fromS = FIRST_MONDAY_S + epoch * WEEK_S;
  return [fromS, fromS + WEEK_S];
}

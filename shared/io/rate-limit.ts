import type { Clock } from './clock.ts';

export interface Rate {
  readonly most: number;
  readonly perMs: number;
}

/** Counts tries by who makes them, within this process. */
export interface RateLimit {
  /** Seconds to wait, or 0 where the try may be made; it counts. */
  tried(who: string): number;
}

/** More callers than this at once are forgotten together: memory stays bounded whoever calls. */
const MOST_CALLERS = 10_000;

export function openRateLimit(clock: Clock, { most, perMs }: Rate): RateLimit {
  let callers = new Map<string, { tries: number; readonly untilMs: number }>();
  return {
    tried: (who) => {
      const nowMs = clock.nowMs();
      if (callers.size >= MOST_CALLERS) callers = new Map([...callers].filter(([, { untilMs }]) => untilMs > nowMs).slice(-MOST_CALLERS / 2));
      const known = callers.get(who);
      const current = known === undefined || known.untilMs <= nowMs ? { tries: 0, untilMs: nowMs + perMs } : known;
      callers.set(who, current);
      current.tries += 1;
      return current.tries <= most ? 0 : Math.ceil((current.untilMs - nowMs) / 1000);
    },
  };
}

const DAY_MS = 86_400_000;

/** Now, as the reader's device has it. The only place where the app asks. */
export function now(): Date {
  return new Date();
}

/** Days since 1970-01-01, as tiles count them. */
export function today(): number {
  return Math.floor(now().getTime() / DAY_MS);
}

/** The date that so many days since 1970-01-01 stand for, at 00:00 UTC. */
export function dayToDate(day: number): Date {
  return new Date(day * DAY_MS);
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The sun crosses 15° of longitude an hour. */
const MS_PER_DEGREE = 240_000;

export const PARTS_OF_DAY = ['night', 'morning', 'afternoon', 'evening'] as const;
export type PartOfDay = (typeof PARTS_OF_DAY)[number];

/** Days since 1970-01-01 by mean local solar time, so that a public date is the contributor's and needs no zone table. */
export function solarDay(at: Date, lonDeg: number): number {
  return Math.floor(solarMs(at, lonDeg) / DAY_MS);
}

/** Morning from 5, afternoon from 12, evening from 18, night from 22 o'clock by mean local solar time. */
export function partOfDay(at: Date, lonDeg: number): PartOfDay {
  const hour = (((solarMs(at, lonDeg) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  if (hour < 5 || hour >= 22) return 'night';
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
}

/** `YYYY-MM-DD` of a day counted from 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function solarMs(at: Date, lonDeg: number): number {
  return at.getTime() + lonDeg * MS_PER_DEGREE;
}

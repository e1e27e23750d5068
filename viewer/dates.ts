import { dayToDate, today } from './clock.ts';
import { locale } from './words.ts';

/** A calendar day, `YYYY-MM-DD`, in the reader's words. */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? day : new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}

/** How long ago a day (since 1970-01-01) was: "today", "2 days ago", "5 months ago". */
export function agoText(day: number): string {
  const days = Math.max(0, today() - day);
  const [value, unit] = days < 45 ? [days, 'day'] as const : days < 540 ? [Math.round(days / 30.4), 'month'] as const : [Math.round(days / 365.25), 'year'] as const;
  return new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(-value, unit);
}

/** The same for `YYYY-MM-DD`. */
export function agoOfDay(day: string): string {
  return agoText(Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000));
}

/** A day since 1970-01-01 as `YYYY-MM-DD`. */
export function isoDay(day: number): string {
  return dayToDate(day).toISOString().slice(0, 10);
}

/** An instant as the reader's own clock would show it, with its zone. */
export function instantText(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** Only the time of an instant, to the second, in a zone. */
export function timeText(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: 'medium', timeZone }).format(new Date(iso));
}

/** An instant in Unix seconds by the clocks of a zone, with or without its seconds. */
export function clockText(tS: number, timeZone: string, to: 'seconds' | 'minutes' = 'seconds'): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: to === 'seconds' ? 'medium' : 'short', timeZone }).format(new Date(tS * 1000));
}

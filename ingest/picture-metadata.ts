import type { LatLon } from '../shared/model/geo.ts';
import { wrapDeg } from '../shared/model/geo.ts';
import type { RawTags } from './exif.ts';

/** What a picture says of itself. Everything absent or unusable is null; a position that is there but wrong says how. */
export interface PictureMetadata {
  readonly position: PositionReading;
  /** The camera's wall clock, without a zone. */
  readonly localTime: LocalTime | null;
  /** Minutes east of UTC, where the camera recorded it. */
  readonly offsetMinutes: number | null;
  /** GPSDateStamp + GPSTimeStamp: seconds since the Unix epoch, UTC. */
  readonly gpsTimeS: number | null;
  readonly altM: number | null;
  /** True north only; a magnetic direction is not used. */
  readonly headingDeg: number | null;
  readonly speedMps: number | null;
  readonly haccM: number | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly equirectangular: boolean;
  /** Why the metadata could not be read, where that is so; everything else is null then. */
  readonly damage: string | null;
}

export type PositionReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly lat: string; readonly lon: string }
  | ({ readonly kind: 'at' } & LatLon);

/** A wall clock as numbers; `second` has the fraction of SubSecTimeOriginal. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const KMH = 1 / 3.6;
const MPH = 0.44704;
const KNOT = 0.514444;
const MINUTES_AN_HOUR = 60;

/** Types the raw tags (Exif 2.32, sections 4.6.5 and 4.6.6). */
export function pictureMetadata(tags: RawTags): PictureMetadata {
  const speed = finite(tags['GPSSpeed']);
  const direction = finite(tags['GPSImgDirection']);
  return {
    position: positionOf(tags),
    localTime: localTimeOf(tags['DateTimeOriginal'], tags['SubSecTimeOriginal']),
    offsetMinutes: offsetOf(tags['OffsetTimeOriginal'] ?? tags['OffsetTime']),
    gpsTimeS: gpsTimeOf(tags['GPSDateStamp'], tags['GPSTimeStamp']),
    altM: altitudeOf(tags['GPSAltitude'], tags['GPSAltitudeRef']),
    headingDeg: direction === null || tags['GPSImgDirectionRef'] === 'M' || direction < 0 || direction > 360 ? null : wrapDeg(direction),
    speedMps: speed === null || speed < 0 ? null : speed * (tags['GPSSpeedRef'] === 'M' ? MPH : tags['GPSSpeedRef'] === 'N' ? KNOT : KMH),
    haccM: positive(tags['GPSHPositioningError']),
    make: words(tags['Make']),
    model: words(tags['Model']),
    serial: words(tags['BodySerialNumber']),
    equirectangular: tags['ProjectionType'] === 'equirectangular',
    damage: null,
  };
}

/** The reading of a picture whose metadata is damaged: it may still get time and place from frames.csv or a track. */
export function damagedMetadata(why: string): PictureMetadata {
  return { ...pictureMetadata({}), damage: why.slice(0, LONGEST_NAME) };
}

function positionOf(tags: RawTags): PositionReading {
  const rawLat = tags['GPSLatitude'];
  const rawLon = tags['GPSLongitude'];
  if (isAbsent(rawLat) || isAbsent(rawLon)) return { kind: 'none' };
  const latDeg = degrees(rawLat, tags['GPSLatitudeRef'], 'S');
  const lonDeg = degrees(rawLon, tags['GPSLongitudeRef'], 'W');
  if (latDeg === null || lonDeg === null || Math.abs(latDeg) > 90 || Math.abs(lonDeg) > 180) {
    return { kind: 'invalid', lat: shown(rawLat), lon: shown(rawLon) };
  }
  return { kind: 'at', latDeg, lonDeg };
}

function isAbsent(raw: unknown): boolean {
  return raw === undefined || raw === null || (Array.isArray(raw) && raw.length === 0);
}

/** Degrees from [degrees, minutes, seconds] and the hemisphere; some writers sign the numbers too, and then the letter rules. */
function degrees(raw: unknown, ref: unknown, negativeRef: 'S' | 'W'): number | null {
  const parts = Array.isArray(raw) ? raw : [raw];
  if (parts.length > 3 || !parts.every((part) => typeof part === 'number' && Number.isFinite(part))) return null;
  const [whole = 0, minutes = 0, seconds = 0] = parts as number[];
  const size = Math.abs(whole) + minutes / 60 + seconds / 3600;
  if (typeof ref !== 'string' || ref.trim() === '') return whole < 0 ? -size : size;
  return ref.trim().toUpperCase().startsWith(negativeRef) ? -size : size;
}

function localTimeOf(raw: unknown, subSecond: unknown): LocalTime | null {
  const parts = typeof raw === 'string' ? /^(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(raw) : null;
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number];
  const fraction = typeof subSecond === 'string' && /^\d+\s*$/.test(subSecond) ? Number(`0.${subSecond.trim()}`) : 0;
  const calendar = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59)));
  // "0000:00:00 00:00:00" is how cameras write "not set", and 31 February is not a day either.
  if (year < 1 || calendar.getUTCMonth() !== month - 1 || calendar.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return null;
  return { year, month, day, hour, minute, second: second + fraction };
}

function offsetOf(raw: unknown): number | null {
  const [, sign, hours, minutes] = typeof raw === 'string' ? (/^([+-])(\d\d):(\d\d)/.exec(raw.trim()) ?? []) : [];
  if (sign === undefined) return null;
  const size = Number(hours) * MINUTES_AN_HOUR + Number(minutes);
  return size > 14 * MINUTES_AN_HOUR ? null : sign === '-' ? -size : size;
}

function gpsTimeOf(date: unknown, time: unknown): number | null {
  const [, year, month, day] = typeof date === 'string' ? (/^(\d{4})[:-](\d\d)[:-](\d\d)/.exec(date) ?? []) : [];
  if (year === undefined || !Array.isArray(time) || time.length !== 3) return null;
  const [hour, minute, second] = time as unknown[];
  if (![hour, minute, second].every((part) => typeof part === 'number' && Number.isFinite(part) && part >= 0)) return null;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = Number(year) >= 1980 && midnight.getUTCMonth() === Number(month) - 1 && midnight.getUTCDate() === Number(day);
  const isTime = (hour as number) < 24 && (minute as number) < 60 && (second as number) < 61;
  return isDay && isTime ? midnight.getTime() / 1000 + (hour as number) * 3600 + (minute as number) * 60 + (second as number) : null;
}

function altitudeOf(raw: unknown, ref: unknown): number | null {
  const size = finite(raw);
  if (size === null) return null;
  const below = ref === 1 || (ref instanceof Uint8Array && ref[0] === 1) || (typeof ref === 'object' && ref !== null && '0' in ref && ref[0] === 1);
  return below ? -size : size;
}

function finite(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
}

function positive(raw: unknown): number | null {
  const value = finite(raw);
  return value === null || value <= 0 ? null : value;
}

const LONGEST_NAME = 80;

function words(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  // eslint-disable-next-line no-control-regex
  const text = raw.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim().slice(0, LONGEST_NAME);
  return text === '' ? null : text;
}

function shown(raw: unknown): string {
  return String(raw).slice(0, LONGEST_NAME);
}

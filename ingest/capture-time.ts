import tzLookup from '@photostructure/tz-lookup';
import { IANAZone } from 'luxon';
import type { TimeSource, UnixSeconds } from '../shared/model/drive.ts';
import type { LatLon } from '../shared/model/geo.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { LocalTime, PictureMetadata } from './picture-metadata.ts';

/** A picture whose time is wanted, in the folder's own order. */
export interface ClockReading {
  /** Its place in the folder, from 0. */
  readonly ordinal: number;
  readonly metadata: PictureMetadata;
  /** Where it was taken, if that is known already: the zone of the place stands in for a missing offset. */
  readonly place: LatLon | null;
}

/** Times for pictures that carry none: the first at `startS`, each next one `intervalS` later. */
export interface AssertedTimes {
  readonly startS: UnixSeconds;
  readonly intervalS: number;
}

export interface TimeRules {
  readonly asserted: AssertedTimes | null;
  /** Seconds to add to the camera's clock, as the contributor says. */
  readonly cameraOffsetS: number | null;
}

export type CaptureTime =
  | { readonly kind: 'known'; readonly capturedAt: UnixSeconds; readonly source: TimeSource }
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

export interface FolderTimes {
  readonly times: readonly CaptureTime[];
  /** Seconds added to the camera clock because satellite time differed; null where there was nothing to compare. */
  readonly clockCorrectionS: number | null;
}

const DAY_S = 86_400;
/** GPSTimeStamp is often cut to whole seconds and late by up to one more: a smaller difference is not an error of the clock. */
const CLOCK_TOLERANCE_S = 2;
/** Before the first digital street camera, and so a clock that was never set. */
const EARLIEST_S = Date.UTC(1990, 0, 1) / 1000;
/** Milliseconds taken for seconds are far beyond this. */
const LATEST_S = Date.UTC(2100, 0, 1) / 1000;

/**
 * Times of a folder's pictures (design.md, Ingest): the camera's own spacing, in the zone it recorded or else the zone
 * of the place, moved by the folder's median difference to GPS time. GPS time corrects the clock, it does not replace it.
 */
export function captureTimes(readings: readonly ClockReading[], rules: TimeRules): FolderTimes {
  const somewhere = readings.find(({ place }) => place !== null)?.place ?? null;
  const cameraS = readings.map(({ metadata, place }) => cameraTime(metadata, place ?? somewhere));
  const differences = readings.flatMap(({ metadata }, index) => {
    const own = cameraS[index] ?? null;
    return own === null || metadata.gpsTimeS === null ? [] : [metadata.gpsTimeS - own];
  });
  const difference = rules.cameraOffsetS ?? median(differences);
  const correctionS = difference === null || (rules.cameraOffsetS === null && Math.abs(difference) < CLOCK_TOLERANCE_S) ? 0 : difference;
  const times = readings.map(({ ordinal, metadata }, index) => {
    const own = cameraS[index] ?? null;
    if (own !== null) return plausibleTime(own + correctionS, 'exif');
    if (metadata.gpsTimeS !== null) return plausibleTime(metadata.gpsTimeS, 'gps');
    if (rules.asserted !== null) return plausibleTime(rules.asserted.startS + ordinal * rules.asserted.intervalS, 'asserted');
    return unknown('no_time', {});
  });
  return { times, clockCorrectionS: difference === null ? null : correctionS };
}

/** A time at which a street picture can have been taken, in the microseconds that the database keeps. */
export function plausibleTime(capturedAt: UnixSeconds, source: TimeSource): CaptureTime {
  if (!(capturedAt >= EARLIEST_S && capturedAt < LATEST_S)) return unknown('time_invalid', { value: isoOf(capturedAt) });
  return { kind: 'known', capturedAt: Math.round(capturedAt * 1e6) / 1e6, source };
}

/** As a date where it can be one: a Date holds 8.64e15 ms either way. */
function isoOf(atS: UnixSeconds): string {
  return Math.abs(atS) <= 8.64e12 ? new Date(atS * 1000).toISOString() : `${atS} s`;
}

function unknown(code: 'no_time' | 'time_invalid', detail: Refusal['detail']): CaptureTime {
  return { kind: 'unknown', refusal: refusal(code, detail) };
}

function cameraTime(metadata: PictureMetadata, place: LatLon | null): UnixSeconds | null {
  const { localTime, offsetMinutes } = metadata;
  if (localTime === null) return null;
  if (offsetMinutes !== null) return utcS(localTime) - offsetMinutes * 60;
  return place === null ? null : inZone(localTime, tzLookup(place.latDeg, place.lonDeg));
}

/**
 * The wall clock in a zone. An hour that came twice, when the clocks went back, is the first of the two; one that they
 * skipped is counted on from before. Luxon's own answer there depends on today's date, so that the same drive would
 * get another time in winter.
 */
function inZone(local: LocalTime, zone: string): UnixSeconds {
  const wallS = utcS(local);
  const rules = IANAZone.create(zone);
  const offsetS = (atS: number) => rules.offset(atS * 1000) * 60;
  const [before, after] = [offsetS(wallS - DAY_S), offsetS(wallS + DAY_S)];
  const isRight = (candidateS: number) => offsetS(wallS - candidateS) === candidateS;
  const right = [before, after].filter(isRight);
  return wallS - (right.length === 0 ? before : Math.max(...right));
}

function utcS({ year, month, day, hour, minute, second }: LocalTime): UnixSeconds {
  return Date.UTC(year, month - 1, day, hour, minute, 0) / 1000 + second;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

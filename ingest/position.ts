import type { GnssFix, PositionSource, UnixSeconds } from '../shared/model/drive.ts';
import { type LatLon, turnDeg } from '../shared/model/geo.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import type { FrameRow } from './importers/drive-folder.ts';
import type { PictureMetadata } from './picture-metadata.ts';

/** A place with what else its source knew. */
export interface Found extends LatLon {
  readonly source: PositionSource;
  readonly altM: number | null;
  readonly speedMps: number | null;
  readonly haccM: number | null;
}

/** The picture's own place: frames.csv before Exif; null where neither has one, a refusal where Exif's is none on Earth. */
export function ownPosition(metadata: PictureMetadata, row: FrameRow | null): Found | Refusal | null {
  if (row !== null && row.latDeg !== null && row.lonDeg !== null) {
    return { source: 'frames.csv', latDeg: row.latDeg, lonDeg: row.lonDeg, altM: null, speedMps: null, haccM: null };
  }
  const { position } = metadata;
  if (position.kind === 'invalid') return refusal('position_invalid', { lat: position.lat, lon: position.lon });
  return position.kind === 'none' ? null : { source: 'exif', latDeg: position.latDeg, lonDeg: position.lonDeg, altM: null, speedMps: null, haccM: null };
}

/** The position on the track at that time, between two fixes that are close in time: nothing is invented over a gap. */
export function alongTrack(track: readonly GnssFix[], atS: UnixSeconds, rules: IngestRules): Found | Refusal {
  const first = track.at(0);
  const last = track.at(-1);
  if (first === undefined || last === undefined) return refusal('no_position', { time: iso(atS) });
  const outsideS = Math.max(first.tS - atS, atS - last.tS);
  if (outsideS > 0) return refusal('outside_track', { value: Math.round(outsideS * 10) / 10, time: iso(last.tS), limit: 0 });
  const after = track[firstAtOrAfter(track, atS)]!;
  const before = track[Math.max(0, firstAtOrAfter(track, atS) - 1)]!;
  if (after.tS === atS) return { source: 'track', ...after };
  if (after.tS - before.tS > rules.trackGapS) return refusal('no_position', { time: iso(atS) });
  const share = (atS - before.tS) / (after.tS - before.tS);
  const between = (a: number | null, b: number | null) => (a === null || b === null ? null : a + share * (b - a));
  return {
    source: 'track',
    latDeg: between(before.latDeg, after.latDeg)!,
    // The shorter way round, so that a track over the antimeridian does not pass Greenwich.
    lonDeg: wrapLon(before.lonDeg + share * turnDeg(before.lonDeg, after.lonDeg)),
    altM: between(before.altM, after.altM),
    speedMps: between(before.speedMps, after.speedMps),
    haccM: between(before.haccM, after.haccM),
  };
}

function wrapLon(lonDeg: number): number {
  return lonDeg > 180 ? lonDeg - 360 : lonDeg < -180 ? lonDeg + 360 : lonDeg;
}

function firstAtOrAfter(track: readonly GnssFix[], atS: UnixSeconds): number {
  let low = 0;
  let high = track.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track[middle]!.tS < atS) low = middle + 1;
    else high = middle;
  }
  return low;
}

function iso(tS: UnixSeconds): string {
  return new Date(tS * 1000).toISOString();
}

import { bearing, destination, distance } from '@turf/turf';

/** WGS 84 position in degrees. */
export interface LatLon {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** Metres between two positions on the sphere of the mean Earth radius, 6,371,008.8 m (turf, haversine). */
export function distanceM(a: LatLon, b: LatLon): number {
  return distance([a.lonDeg, a.latDeg], [b.lonDeg, b.latDeg], { units: 'meters' });
}

/** Initial course from `a` to `b`: degrees clockwise from true north, in [0, 360). */
export function courseDeg(a: LatLon, b: LatLon): number {
  return wrapDeg(bearing([a.lonDeg, a.latDeg], [b.lonDeg, b.latDeg]));
}

/** The position `metres` from `from` on the given course (degrees clockwise from true north). */
export function moved(from: LatLon, metres: number, onCourseDeg: number): LatLon {
  const [lonDeg, latDeg] = destination([from.lonDeg, from.latDeg], metres, onCourseDeg, { units: 'meters' }).geometry
    .coordinates as [number, number];
  return { latDeg, lonDeg: lonDeg > 180 ? lonDeg - 360 : lonDeg < -180 ? lonDeg + 360 : lonDeg };
}

/** An angle folded into [0, 360). */
export function wrapDeg(deg: number): number {
  // A hair below zero becomes 360 when 360 is added: folded once more.
  const folded = deg % 360;
  if (folded === 0) return 0;
  return folded < 0 ? (folded + 360) % 360 : folded;
}

/** Signed smallest turn from `from` to `to`, in (-180, 180]: from 359 to 1 it is +2. */
export function turnDeg(from: number, to: number): number {
  const turn = wrapDeg(to - from);
  return turn > 180 ? turn - 360 : turn;
}

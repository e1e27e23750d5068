import type { Feature, FeatureCollection } from 'geojson';
import type { DriveFrame } from './answers.ts';
import { runsOf } from './runs.ts';

/** As much of a frame as the map draws. */
export type TrackFrame = Pick<DriveFrame, 'path' | 'state' | 'latDeg' | 'lonDeg' | 'headingDeg' | 'sequence'>;

/** The frames of a drive as lines and points with a `verdict`, for the map's track layers. */
export function trackOf(frames: readonly TrackFrame[]): FeatureCollection {
  const placed = frames.filter((frame) => isPlaced(frame));
  const lines = runsOf(placed).flatMap(({ from, to, status }): Feature[] => {
    // A run begins where the one before ended, so that the track has no gap where the verdict changes.
    const run = placed.slice(Math.max(0, from - 1), to);
    const pieces = bySequence(run);
    return pieces.filter((piece) => piece.length > 1).map((piece) => ({
      type: 'Feature', properties: { verdict: status }, geometry: { type: 'LineString', coordinates: piece.map(({ lonDeg, latDeg }) => [lonDeg, latDeg]) },
    }));
  });
  const points = runsOf(placed).flatMap(({ from, to, status }) => placed.slice(from, to).map(({ lonDeg, latDeg }): Feature => ({
    type: 'Feature', properties: { verdict: status }, geometry: { type: 'Point', coordinates: [lonDeg, latDeg] },
  })));
  return { type: 'FeatureCollection', features: [...lines, ...points] };
}

/** West, south, east, north of a drive; null where no frame has a place. */
export function boundsOf(frames: readonly Pick<TrackFrame, 'latDeg' | 'lonDeg'>[]): readonly [number, number, number, number] | null {
  const placed = frames.filter((frame) => isPlaced(frame));
  if (placed.length === 0) return null;
  const longitudes = placed.map(({ lonDeg }) => lonDeg);
  const latitudes = placed.map(({ latDeg }) => latDeg);
  return [least(longitudes), least(latitudes), most(longitudes), most(latitudes)];
}

// Not `Math.min(...values)`: a long drive has more frames than a call may have arguments.
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

/** The frame nearest to a place, in the plane about it. */
export function nearestTo(frames: readonly TrackFrame[], [lonDeg, latDeg]: readonly [number, number]): TrackFrame | null {
  const narrow = Math.cos((latDeg * Math.PI) / 180);
  const away = (frame: PlacedFrame): number => Math.hypot((frame.lonDeg - lonDeg) * narrow, frame.latDeg - latDeg);
  return frames.filter((frame) => isPlaced(frame)).reduce<PlacedFrame | null>((best, frame) => (best === null || away(frame) < away(best) ? frame : best), null);
}

type Placed = { readonly latDeg: number; readonly lonDeg: number };
type PlacedFrame = TrackFrame & Placed;

function isPlaced<Frame extends Pick<TrackFrame, 'latDeg' | 'lonDeg'>>(frame: Frame): frame is Frame & Placed {
  return frame.latDeg !== null && frame.lonDeg !== null;
}

function bySequence(run: readonly PlacedFrame[]): PlacedFrame[][] {
  const pieces: PlacedFrame[][] = [];
  for (const frame of run) {
    if (pieces.at(-1)?.at(-1)?.sequence === frame.sequence) pieces.at(-1)?.push(frame);
    else pieces.push([frame]);
  }
  return pieces;
}

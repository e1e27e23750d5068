import type { Drive, Frame, UnixSeconds } from '../shared/model/drive.ts';
import { courseDeg, distanceM, type LatLon, moved, turnDeg } from '../shared/model/geo.ts';
import { type CameraSketch, cameraSketch } from './camera/camera-sketch.ts';
import { type ImuSketch, imuSketch } from './imu-sketch.ts';
import { since } from './since.ts';

/** Positions about a second apart, in columns; times in seconds since the sketch's start, NaN = missing. */
export interface Track {
  /** `frames` where a drive has pictures with positions but no receiver log. */
  readonly source: 'gnss' | 'frames';
  readonly atS: Float64Array;
  /** From this point to the next; one shorter than `atS`. */
  readonly stepM: Float64Array;
  readonly stepEastM: Float64Array;
  readonly stepNorthM: Float64Array;
  readonly haccM: Float64Array;
  readonly reportedMps: Float64Array;
  /** Reported speed along the reported course; missing where either is, but a speed of zero needs no course. */
  readonly reportedEastMps: Float64Array;
  readonly reportedNorthMps: Float64Array;
}

/** What of a drive counts as its track; part of the recipe. */
export interface SketchRules {
  readonly usableHaccM: number;
}

/** A drive at 1 Hz: column k is second `[k, k+1)` after `startS`, NaN = missing. What checks and, later, the net see. */
export interface Sketch {
  readonly startS: UnixSeconds;
  /** From the first position to the last, in seconds. */
  readonly lengthS: number;
  readonly track: Track;
  /** Speed by displacement between the two fixes around the second; where fixes lie closer, the later step. */
  readonly positionMps: Float64Array;
  /** Mean of the speeds that the receiver reported at those two fixes. */
  readonly reportedMps: Float64Array;
  /** Turn of the displacement's direction, clockwise; missing below walking pace, where direction is noise. */
  readonly courseRateDegps: Float64Array;
  readonly haccM: Float64Array;
  /** Time between the two fixes around the second. */
  readonly gapS: Float64Array;
  readonly imu: ImuSketch | null;
  /** Pictures that state a position of their own beside a receiver's track, in time order. */
  readonly placed: readonly PlacedFrame[];
  /** Null where the pixels of no two pictures are at hand. */
  readonly camera: CameraSketch | null;
}

/** A picture against the track at its time. */
export interface PlacedFrame {
  readonly atS: number;
  /** To the track's position then, between fixes `gapS` apart. */
  readonly missM: number;
  readonly gapS: number;
  readonly speedMps: number;
  /** The larger one of the radii stated by the picture and by the fixes, 0 where none is. */
  readonly haccM: number;
}

/** Fixes closer than this are thinned: noise of a 10 Hz receiver over 0.1 s would pass for speed. */
const THIN_S = 0.9;
const WALKING_MPS = 2;
/** Channels of a drive, or null where it has no usable position at all. */
export function sketchOf(drive: Drive, { usableHaccM }: SketchRules): Sketch | null {
  const source = drive.gnss.length > 0 ? 'gnss' : 'frames';
  const fixes: readonly Fix[] = source === 'gnss' ? drive.gnss : drive.frames.map(fixOfFrame);
  const usable = fixes.filter(({ haccM }) => haccM === null || haccM <= usableHaccM).toSorted((a, b) => a.tS - b.tS || a.latDeg - b.latDeg || a.lonDeg - b.lonDeg);
  if (usable.length === 0) return null;
  const [startS, endS] = endsOf([...fixes.map(({ tS }) => tS), ...drive.frames.map(({ capturedAt }) => capturedAt)]);
  const lengthS = since(startS, endS);
  const seconds = Math.floor(lengthS) + 1;
  const kept = thinned(usable, startS);
  const track: Track = { source, ...trackColumns(kept, startS) };
  return {
    startS, lengthS, track, ...motionOf(track, seconds),
    imu: drive.imu === null ? null : imuSketch(drive.imu, startS, seconds),
    placed: source === 'gnss' ? placedFrames(drive.frames, kept, startS) : [],
    camera: cameraSketch(drive.frames, startS),
  };
}

interface Fix extends LatLon {
  readonly tS: UnixSeconds;
  readonly haccM: number | null;
  readonly speedMps: number | null;
  readonly courseDeg: number | null;
}

/** A picture's heading is where the camera looks, not where the vehicle goes, and its speed is nobody's Doppler. */
function fixOfFrame({ capturedAt, latDeg, lonDeg, haccM }: Frame): Fix {
  return { tS: capturedAt, latDeg, lonDeg, haccM, speedMps: null, courseDeg: null };
}

/** Smallest and largest, without spreading a long list over the call stack. */
function endsOf(times: readonly number[]): readonly [number, number] {
  return [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), -Infinity)];
}

function thinned(fixes: readonly Fix[], startS: UnixSeconds): readonly Fix[] {
  const kept: Fix[] = [];
  let lastS = -Infinity;
  for (const fix of fixes) {
    const atS = since(startS, fix.tS);
    if (atS - lastS < THIN_S) continue;
    kept.push(fix);
    lastS = atS;
  }
  return kept;
}

function trackColumns(fixes: readonly Fix[], startS: UnixSeconds): Omit<Track, 'source'> {
  const steps = fixes.slice(1).map((to, n) => polar(distanceM(fixes[n]!, to), courseDeg(fixes[n]!, to)));
  const reported = fixes.map(({ speedMps, courseDeg }) => (speedMps === null || (courseDeg === null && speedMps > 0) ? [NaN, NaN] as const : polar(speedMps, courseDeg ?? 0)));
  return {
    atS: Float64Array.from(fixes, ({ tS }) => since(startS, tS)),
    stepM: Float64Array.from(steps, ([east, north]) => Math.hypot(east, north)),
    stepEastM: Float64Array.from(steps, ([east]) => east),
    stepNorthM: Float64Array.from(steps, ([, north]) => north),
    haccM: Float64Array.from(fixes, ({ haccM }) => haccM ?? NaN),
    reportedMps: Float64Array.from(fixes, ({ speedMps }) => speedMps ?? NaN),
    reportedEastMps: Float64Array.from(reported, ([east]) => east),
    reportedNorthMps: Float64Array.from(reported, ([, north]) => north),
  };
}

function placedFrames(frames: readonly Frame[], track: readonly Fix[], startS: UnixSeconds): readonly PlacedFrame[] {
  const own = frames.filter(({ positionSource }) => positionSource !== 'track').toSorted((a, b) => a.capturedAt - b.capturedAt);
  let next = 0;
  return own.flatMap((frame) => {
    while (next < track.length && track[next]!.tS < frame.capturedAt) next += 1;
    const [before, after] = [track[next - 1], track[next]];
    if (before === undefined || after === undefined) return [];
    const gapS = after.tS - before.tS;
    const stepM = distanceM(before, after);
    const there = moved(before, (stepM * (frame.capturedAt - before.tS)) / gapS, courseDeg(before, after));
    const haccM = Math.max(frame.haccM ?? 0, before.haccM ?? 0, after.haccM ?? 0);
    return [{ atS: since(startS, frame.capturedAt), missM: distanceM(frame, there), gapS, speedMps: stepM / gapS, haccM }];
  });
}

/** East and north of a length on a course (degrees clockwise from north). */
function polar(length: number, courseDeg: number): readonly [number, number] {
  const radians = (courseDeg * Math.PI) / 180;
  return [length * Math.sin(radians), length * Math.cos(radians)];
}

type Motion = Pick<Sketch, 'positionMps' | 'reportedMps' | 'courseRateDegps' | 'haccM' | 'gapS'>;

function motionOf(track: Track, seconds: number): Motion {
  const missing = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const motion = { positionMps: missing(), reportedMps: missing(), courseRateDegps: missing(), haccM: missing(), gapS: missing() };
  let course = NaN;
  for (let n = 0; n < track.stepM.length; n += 1) {
    const [fromS, toS] = [track.atS[n]!, track.atS[n + 1]!];
    const gapS = toS - fromS;
    const speedMps = track.stepM[n]! / gapS;
    const next = speedMps < WALKING_MPS ? NaN : (Math.atan2(track.stepEastM[n]!, track.stepNorthM[n]!) * 180) / Math.PI;
    for (let second = Math.floor(fromS); second < toS; second += 1) {
      motion.positionMps[second] = speedMps;
      motion.reportedMps[second] = (track.reportedMps[n]! + track.reportedMps[n + 1]!) / 2;
      motion.courseRateDegps[second] = turnDeg(course, next) / gapS;
      motion.haccM[second] = Math.max(track.haccM[n]!, track.haccM[n + 1]!);
      motion.gapS[second] = gapS;
    }
    course = next;
  }
  return motion;
}

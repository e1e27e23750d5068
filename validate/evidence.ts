import type { Drive, UnixSeconds } from '../shared/model/drive.ts';
import type { Column, Columns, Evidence } from '../shared/model/evidence.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { WindowVerdict } from '../shared/model/verdict.ts';
import { imuCourse } from './imu-course.ts';
import { type Part, partsOf } from './parts.ts';
import { sketchOf, type Track } from './sketch.ts';
import { firstAfter } from './checks/coverage.ts';

const MOST_POINTS = 20_000;
/** Below walking pace the direction of a displacement is noise. */
const WALKING_MPS = 2;

/** The channels of a drive that is not endless, at 1 Hz, or at every n-th second where it is longer than `most` of them. */
export function evidenceOf(drive: Drive, windows: readonly WindowVerdict[], rules: ValidateRules, most = MOST_POINTS): Evidence {
  const parts = partsOf(drive, rules);
  const isEndless = parts.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0) > rules.longestS;
  const columns = thinned(joined(isEndless ? [] : parts.flatMap((part) => columnsOf(part, rules) ?? [])), most);
  const { vibrationMps2, averagedVibrationMps2, movingMps } = rules.stillness;
  return {
    ...columns,
    limits: { speedMps: rules.displacement.limitMps, movingMps, vibrationMps2: drive.imu === null ? null : drive.imu.averaged ? averagedVibrationMps2 : vibrationMps2 },
    windows: windows.map(({ fromS, toS, verdict, reasons }) => ({ fromS, toS, verdict, reasons })),
  };
}

function columnsOf(part: Part, rules: ValidateRules): Columns | null {
  const sketch = sketchOf(part.drive, rules);
  if (sketch === null) return null;
  const { startS, positionMps, reportedMps, gapS, imu } = sketch;
  const seconds = positionMps.length;
  // Between fixes too far apart the checks say nothing, so neither does the plot.
  const near = (channel: Float64Array): Float64Array => channel.map((value, k) => (gapS[k]! <= rules.maxStepS ? value : NaN));
  const course = near(courseOf(sketch.track, seconds));
  const places = placesOf(part.drive, startS, seconds);
  return {
    tS: Array.from({ length: seconds }, (_, k) => startS + k),
    gnssSpeedMps: column(near(positionMps), 100),
    reportedSpeedMps: column(near(reportedMps), 100),
    gnssCourseDeg: column(course, 10),
    imuCourseDeg: column(part.drive.imu === null ? null : imuCourse(part.drive.imu, course, { startS, seconds, windowS: rules.windowS }), 10, seconds),
    vibrationMps2: column(imu?.vibrationMps2 ?? null, 1000, seconds),
    latDeg: column(places.latDeg, 1e6),
    lonDeg: column(places.lonDeg, 1e6),
  };
}

function column(channel: Float64Array | null, decimals: number, seconds = 0): Column {
  if (channel === null) return Array.from({ length: seconds }, () => null);
  return Array.from(channel, (value) => (Number.isFinite(value) ? Math.round(value * decimals) / decimals : null));
}

/** Direction of the displacement between the fixes around each second. */
function courseOf({ atS, stepM, stepEastM, stepNorthM }: Track, seconds: number): Float64Array {
  const course = new Float64Array(seconds).fill(NaN);
  for (let n = 0; n < stepM.length; n += 1) {
    if (stepM[n]! < WALKING_MPS * (atS[n + 1]! - atS[n]!)) continue;
    const degrees = (Math.atan2(stepEastM[n]!, stepNorthM[n]!) * 180) / Math.PI;
    course.fill(degrees < 0 ? degrees + 360 : degrees, Math.floor(atS[n]!), Math.ceil(atS[n + 1]!));
  }
  return course;
}

/** The first position that was measured in each second. */
function placesOf(drive: Drive, startS: UnixSeconds, seconds: number): { readonly latDeg: Float64Array; readonly lonDeg: Float64Array } {
  const fixes = drive.gnss.length > 0 ? drive.gnss : drive.frames.map(({ capturedAt, latDeg, lonDeg }) => ({ tS: capturedAt, latDeg, lonDeg }));
  const [latDeg, lonDeg] = [new Float64Array(seconds).fill(NaN), new Float64Array(seconds).fill(NaN)];
  for (const fix of fixes) {
    const k = Math.floor(fix.tS - startS);
    if (!Number.isNaN(latDeg[k])) continue;
    latDeg[k] = fix.latDeg;
    lonDeg[k] = fix.lonDeg;
  }
  return { latDeg, lonDeg };
}

const NAMES = ['gnssSpeedMps', 'reportedSpeedMps', 'gnssCourseDeg', 'imuCourseDeg', 'vibrationMps2', 'latDeg', 'lonDeg'] as const;

/** The same rows of every column. */
function mapRows(change: (values: Column) => Column, columns: Columns): Omit<Columns, 'tS'> {
  return Object.fromEntries(NAMES.map((name) => [name, change(columns[name])])) as unknown as Omit<Columns, 'tS'>;
}

/** Part after part, a row of nulls after each but the last, so that no line is drawn over the pause. */
function joined(parts: readonly Columns[]): Columns {
  const all = <Value>(of: (part: Columns) => readonly Value[], between: (part: Columns) => Value): readonly Value[] =>
    parts.flatMap((part, n) => (n === parts.length - 1 ? of(part) : [...of(part), between(part)]));
  return {
    tS: all((part) => part.tS, ({ tS }) => tS.at(-1)! + 1),
    ...(Object.fromEntries(NAMES.map((name) => [name, all<number | null>((part) => part[name], () => null)])) as unknown as Omit<Columns, 'tS'>),
  };
}

function thinned(columns: Columns, most: number): Columns {
  const step = Math.ceil(columns.tS.length / most);
  if (step <= 1) return columns;
  const every = <Value>(values: readonly Value[]): readonly Value[] => values.filter((_, n) => n % step === 0);
  return { tS: every(columns.tS), ...mapRows(every, columns) };
}

/** The seconds of `[fromS, toS]`, with the windows over them. */
export function evidenceWithin(evidence: Evidence, fromS: UnixSeconds, toS: UnixSeconds): Evidence {
  const within = <Value>(values: readonly Value[]): readonly Value[] => values.filter((_, n) => evidence.tS[n]! >= fromS && evidence.tS[n]! <= toS);
  return {
    tS: within(evidence.tS),
    ...mapRows(within, evidence),
    limits: evidence.limits,
    windows: evidence.windows.filter((window) => window.toS > fromS && window.fromS <= toS),
  };
}

export interface PlacedMoment {
  readonly capturedS: UnixSeconds;
  readonly isPrivate: boolean;
}

/**
 * What others than the owner may see: positions only between two public frames of the drive, in time order, that lie no
 * further apart than one sequence allows. Ends and stops that are private have a private frame or no frame beside them.
 */
export function withPublicPlaces(evidence: Evidence, frames: readonly PlacedMoment[], splitTimeS: number): Evidence {
  const times = Float64Array.from(frames, ({ capturedS }) => capturedS);
  const isShown = evidence.tS.map((tS) => {
    const after = firstAfter(times, tS);
    const [before, next] = [frames[after - 1], frames[after]];
    return before?.isPrivate === false && next?.isPrivate === false && next.capturedS - before.capturedS <= splitTimeS;
  });
  const shown = (values: Column): Column => values.map((value, n) => (isShown[n]! ? value : null));
  return { ...evidence, latDeg: shown(evidence.latDeg), lonDeg: shown(evidence.lonDeg) };
}

import type { Column } from '../shared/model/evidence.ts';
import type { EvidenceAnswer } from './answers.ts';
import { numberText, quantityText } from './quantities.ts';
import { decades, roundSteps, type Tick } from './ticks.ts';
import { unwrapped, unwrappedBeside } from './unwrap.ts';
import { say } from './words.ts';

/** Where a line comes from: told apart by dash and by colour. */
export type Source = 'gnss' | 'imu';

/** One line of a strip. */
export interface StripLine {
  readonly source: Source;
  /** What stands at its end. */
  readonly name: string;
  /** In the strip's own scale, which is a logarithm for vibration. */
  readonly values: Column;
}

/** One strip of the stack: everything that is drawn, before it is drawn. */
export interface Strip {
  readonly id: 'speed' | 'course' | 'vibration';
  readonly title: string;
  readonly lines: readonly StripLine[];
  readonly range: readonly [number, number];
  readonly ticks: readonly Tick[];
  readonly limit: { readonly at: number; readonly text: string } | null;
}

const KMH_PER_MPS = 3.6;
/** Enough for a strip of 96 px. */
const MOST_TICKS = 4;
const LEAST_TOP_KMH = 30;
const LEAST_TURN_DEG = 90;
const HEADROOM = 0.08;

/** The strips of a drive that there is anything to draw for: speed, course, vibration. */
export function stripsOf(evidence: EvidenceAnswer): readonly Strip[] {
  return [speed(evidence), course(evidence), vibration(evidence)].filter((strip) => strip.lines.length > 0);
}

function speed({ gnssSpeedMps, reportedSpeedMps, limits }: EvidenceAnswer): Strip {
  const lines = measured([
    { source: 'gnss', name: say('plot.line.gnss'), values: scaled(gnssSpeedMps, (mps) => mps * KMH_PER_MPS) },
    { source: 'imu', name: say('plot.line.reported'), values: scaled(reportedSpeedMps, (mps) => mps * KMH_PER_MPS) },
  ]);
  const top = Math.max(LEAST_TOP_KMH, extent(lines)?.[1] ?? 0) * (1 + HEADROOM);
  const limitKmh = limits.speedMps * KMH_PER_MPS;
  const ticks = roundSteps(0, top, { steps: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000], most: MOST_TICKS });
  return {
    id: 'speed', title: say('plot.speed'), lines, range: [0, top], ticks: ticks.map((at) => ({ at, text: numberText(at) })),
    limit: { at: limitKmh, text: say('plot.limit.most', { limit: `${numberText(limitKmh)} km/h` }) },
  };
}

function course({ gnssCourseDeg, imuCourseDeg }: EvidenceAnswer): Strip {
  const gnss = unwrapped(gnssCourseDeg);
  const lines = measured([
    { source: 'gnss', name: say('plot.line.gnss'), values: gnss },
    { source: 'imu', name: say('plot.line.imu'), values: unwrappedBeside(imuCourseDeg, gnss) },
  ]);
  const [low, high] = extent(lines) ?? [0, 0];
  const margin = Math.max((LEAST_TURN_DEG - (high - low)) / 2, (high - low) * HEADROOM);
  const range = [low - margin, high + margin] as const;
  const ticks = roundSteps(...range, { steps: [45, 90, 180, 360, 720, 1440, 3600, 7200], most: MOST_TICKS });
  return { id: 'course', title: say('plot.course'), lines, range, ticks: ticks.map((at) => ({ at, text: `${((at % 360) + 360) % 360}°` })), limit: null };
}

function vibration({ vibrationMps2, limits }: EvidenceAnswer): Strip {
  // A sensor that gives one value for ever shakes by nothing, of which there is no logarithm.
  const lines = measured([{ source: 'imu', name: say('plot.line.imu'), values: scaled(vibrationMps2, (value) => Math.log10(Math.max(value, 1e-3))) }]);
  const limit = limits.vibrationMps2 === null ? null : Math.log10(limits.vibrationMps2);
  const [low, high] = extent(lines) ?? [-1, 1];
  const range = [Math.min(low, limit ?? low) - 0.2, Math.max(high, limit ?? high) + 0.2] as const;
  return {
    id: 'vibration', title: say('plot.vibration'), lines, range,
    ticks: decades(10 ** range[0], 10 ** range[1]).map((value) => ({ at: Math.log10(value), text: numberText(value, 3) })),
    limit: limit === null || limits.vibrationMps2 === null ? null : { at: limit, text: say('plot.limit.least', { limit: quantityText(limits.vibrationMps2, 'm/s²') }) },
  };
}

function scaled(column: Column, by: (value: number) => number): Column {
  return column.map((value) => (value === null ? null : by(value)));
}

function measured(lines: readonly StripLine[]): readonly StripLine[] {
  return lines.filter(({ values }) => values.some((value) => value !== null));
}

// Not `Math.min(...values)`: a long drive has more seconds than a call may have arguments.
function extent(lines: readonly StripLine[]): readonly [number, number] | null {
  let found: [number, number] | null = null;
  for (const { values } of lines) {
    for (const value of values) {
      if (value !== null) found = found === null ? [value, value] : [Math.min(found[0], value), Math.max(found[1], value)];
    }
  }
  return found;
}

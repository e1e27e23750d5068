import type { ValidateRules } from '../../shared/model/validate-rules.ts';
import type { Track } from '../sketch.ts';
import type { Check } from './check.ts';
import { firstAfter, stepsIn } from './coverage.ts';
import { lostSteps } from './lost.ts';

/**
 * Position against Doppler: over a few seconds the positions must go where the reported speed and course lead,
 * in m/s of difference. Catches jumps too short for the displacement check and positions that slide off quickly.
 */
export const speedAgreement: Check = {
  name: 'speed-agreement',
  reason: 'speed_disagrees',
  vouches: true,
  channels: () => ['position', 'doppler'],
  over: (sketch, rules) => {
    const travel = travelOf(sketch.track, lostSteps(sketch.track, rules.displacement));
    const bySpan = rules.speedAgreement.spansS.map((spanS) => spansOf(sketch.track, travel, { spanS, rules }));
    return (window) => {
      let worst: Span | null = null;
      let spannedS = 0;
      const [from, to] = stepsIn(sketch.track, window);
      for (const spans of bySpan) {
        for (let n = from; n < to; n += 1) {
          const span = spans[n] ?? null;
          if (span === null || span.fromS < window.fromS) continue;
          if (spans === bySpan[0]) spannedS += sketch.track.atS[n + 1]! - sketch.track.atS[n]!;
          if (worst === null || span.differenceMps / span.limitMps > worst.differenceMps / worst.limitMps) worst = span;
        }
      }
      // The first short span of a window ends that long after its start.
      const isThin = spannedS + rules.speedAgreement.spansS[0]! < (Math.min(window.toS, sketch.lengthS) - window.fromS) / 2;
      if (worst === null || (isThin && worst.differenceMps <= worst.limitMps)) return null;
      return { measured: worst.differenceMps, limit: worst.limitMps, unit: 'm/s', bound: 'upper', atS: worst.atS, span: { fromS: worst.fromS, toS: worst.atS } };
    };
  },
};

interface Span {
  readonly fromS: number;
  readonly atS: number;
  readonly differenceMps: number;
  readonly limitMps: number;
}

interface SpanLength {
  readonly spanS: number;
  readonly rules: ValidateRules;
}

/** For each step the span that ends with it, or null where speeds are missing or the span is broken by a gap. */
function spansOf(track: Track, travel: Travel, length: SpanLength): readonly (Span | null)[] {
  let from = 0;
  return Array.from(track.stepM, (_, step) => {
    const to = step + 1;
    while (from < step && track.atS[to]! - track.atS[from + 1]! >= length.spanS) from += 1;
    const isWhole = track.atS[to]! - track.atS[from]! >= length.spanS && travel.gaps[to] === travel.gaps[from];
    return isWhole ? spanOf(track, travel, { from, to, rules: length.rules }) : null;
  });
}

function spanOf(track: Track, travel: Travel, { from, to, rules }: { from: number; to: number; rules: ValidateRules }): Span | null {
  const { jumpM, driftMps, lagS, haccShare } = rules.speedAgreement;
  const [fromS, atS] = [track.atS[from]!, track.atS[to]!];
  const missM = missOf(track, travel, { from, to, lagS });
  if (missM === null) return null;
  let radiusM = 0;
  let unseenM2 = 0;
  for (let n = from; n < to; n += 1) {
    // Between two readings of its speed a vehicle may have braked and sped up again: a·Δt²/4, each step on its own.
    unseenM2 += ((rules.displacement.accelMps2 * (track.atS[n + 1]! - track.atS[n]!) ** 2) / 4) ** 2;
    radiusM = Math.max(radiusM, track.haccM[n]! || 0, track.haccM[n + 1]! || 0);
  }
  const durationS = atS - fromS;
  const limitM = jumpM + driftMps * durationS + Math.sqrt(unseenM2) + haccShare * radiusM;
  return { fromS, atS, differenceMps: missM / durationS, limitMps: limitM / durationS };
}

/** Metres between where the positions went and where the reports led, at the lag that suits the receiver best. */
function missOf(track: Track, travel: Travel, { from, to, lagS }: { from: number; to: number; lagS: number }): number | null {
  const hasCourse = travel.courseless[to] === travel.courseless[from];
  const [eastM, northM, pathM] = [between(travel.eastM, from, to), between(travel.northM, from, to), between(travel.pathM, from, to)];
  let missM = Infinity;
  for (const lag of [-lagS, 0, lagS, 2 * lagS]) {
    const [begin, end] = [placeOf(track.atS, track.atS[from]! - lag), placeOf(track.atS, track.atS[to]! - lag)];
    if (begin === null || end === null) continue;
    const led = (sums: Float64Array): number => valueAt(sums, end) - valueAt(sums, begin);
    // Without a course only lengths compare: no further as the crow flies, and no less along the track, than reported.
    const miss = hasCourse
      ? Math.hypot(eastM - led(travel.ledEastM), northM - led(travel.ledNorthM))
      : Math.max(0, Math.hypot(eastM, northM) - led(travel.ledPathM), led(travel.ledPathM) - pathM);
    missM = Math.min(missM, miss);
  }
  return Number.isFinite(missM) ? missM : null;
}

function between(sums: Float64Array, from: number, to: number): number {
  return sums[to]! - sums[from]!;
}

/** Sums along the track, one a point: positions, reported motion, and the steps that break either sum. */
interface Travel {
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  readonly pathM: Float64Array;
  readonly ledEastM: Float64Array;
  readonly ledNorthM: Float64Array;
  readonly ledPathM: Float64Array;
  /** Steps so far over which the receiver was lost or reported no speed. */
  readonly gaps: Float64Array;
  /** Steps so far whose reported speed has no course. */
  readonly courseless: Float64Array;
}

function travelOf(track: Track, lost: Uint8Array): Travel {
  const durationS = (n: number): number => track.atS[n + 1]! - track.atS[n]!;
  const meanOver = (values: Float64Array, n: number): number => ((values[n]! + values[n + 1]!) / 2) * durationS(n) || 0;
  const sum = (step: (n: number) => number): Float64Array => {
    const sums = new Float64Array(track.atS.length);
    for (let n = 0; n < track.stepM.length; n += 1) sums[n + 1] = sums[n]! + step(n);
    return sums;
  };
  return {
    eastM: sum((n) => track.stepEastM[n]!),
    northM: sum((n) => track.stepNorthM[n]!),
    pathM: sum((n) => track.stepM[n]!),
    ledEastM: sum((n) => meanOver(track.reportedEastMps, n)),
    ledNorthM: sum((n) => meanOver(track.reportedNorthMps, n)),
    ledPathM: sum((n) => meanOver(track.reportedMps, n)),
    gaps: sum((n) => (lost[n] === 1 || isMissing(track.reportedMps, n) ? 1 : 0)),
    courseless: sum((n) => (isMissing(track.reportedEastMps, n) ? 1 : 0)),
  };
}

function isMissing(values: Float64Array, n: number): boolean {
  return !Number.isFinite(values[n]! + values[n + 1]!);
}

/** The point before a time and how far it is towards the next, 0 to 1. */
interface Place {
  readonly point: number;
  readonly part: number;
}

function placeOf(times: Float64Array, atS: number): Place | null {
  const last = times.length - 1;
  if (atS < times[0]! || atS > times[last]!) return null;
  const point = Math.min(last - 1, Math.max(0, firstAfter(times, atS) - 1));
  return { point, part: (atS - times[point]!) / (times[point + 1]! - times[point]!) };
}

function valueAt(sums: Float64Array, { point, part }: Place): number {
  return sums[point]! + (sums[point + 1]! - sums[point]!) * part;
}

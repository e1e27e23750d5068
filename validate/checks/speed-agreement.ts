import type { ValidateRules } from '../../shared/model/validate-rules.ts';
import type { Track } from '../sketch.ts';
import type { Check } from './check.ts';
import { stepsIn } from './coverage.ts';
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
    const travel = travelOf(sketch.track, rules);
    const bySpan = rules.speedAgreement.spansS.map((spanS) => spansOf(sketch.track, travel, { spanS, rules }));
    return (window) => {
      let [worst, at]: [Spans | null, number] = [null, 0];
      let spannedS = 0;
      const [from, to] = stepsIn(sketch.track, window);
      for (const spans of bySpan) {
        const { fromS, partMps, limitMps } = spans;
        for (let n = from; n < to; n += 1) {
          if (!(fromS[n]! >= window.fromS)) continue;
          if (spans === bySpan[0]) spannedS += sketch.track.atS[n + 1]! - sketch.track.atS[n]!;
          if (worst === null || partMps[n]! / limitMps[n]! > worst.partMps[at]! / worst.limitMps[at]!) [worst, at] = [spans, n];
        }
      }
      // The first short span of a window ends that long after its start.
      const isThin = spannedS + rules.speedAgreement.spansS[0]! < (Math.min(window.toS, sketch.lengthS) - window.fromS) / 2;
      if (worst === null || (isThin && worst.partMps[at]! <= worst.limitMps[at]!)) return null;
      const atS = sketch.track.atS[at + 1]!;
      return { measured: worst.partMps[at]!, limit: worst.limitMps[at]!, unit: 'm/s', bound: 'upper', atS, span: { fromS: worst.fromS[at]!, toS: atS } };
    };
  },
};

/** For each step the span that ends with it: where it begins, and by how much positions and reports part. NaN where speeds are missing or a gap breaks it. */
interface Spans {
  readonly fromS: Float64Array;
  readonly partMps: Float64Array;
  readonly limitMps: Float64Array;
}

interface SpanLength {
  readonly spanS: number;
  readonly rules: ValidateRules;
}

function spansOf(track: Track, travel: Travel, { spanS, rules }: SpanLength): Spans {
  const { jumpM, driftMps, haccShare } = rules.speedAgreement;
  const none = (): Float64Array => new Float64Array(track.stepM.length).fill(NaN);
  const spans = { fromS: none(), partMps: none(), limitMps: none() };
  let from = 0;
  for (let step = 0; step < track.stepM.length; step += 1) {
    const to = step + 1;
    while (from < step && track.atS[to]! - track.atS[from + 1]! >= spanS) from += 1;
    const durationS = track.atS[to]! - track.atS[from]!;
    const missM = durationS >= spanS && travel.gaps[to] === travel.gaps[from] ? missOf(travel, from, to) : null;
    if (missM === null) continue;
    let radiusM = 0;
    let unseenM2 = 0;
    for (let n = from; n < to; n += 1) {
      unseenM2 += travel.unseenM2[n]!;
      radiusM = Math.max(radiusM, track.haccM[n]! || 0, track.haccM[n + 1]! || 0);
    }
    spans.fromS[step] = track.atS[from]!;
    spans.partMps[step] = missM / durationS;
    spans.limitMps[step] = (jumpM + driftMps * durationS + Math.sqrt(unseenM2) + haccShare * radiusM) / durationS;
  }
  return spans;
}

/** Metres between where the positions went and where the reports led, at the lag that suits the receiver best. */
function missOf(travel: Travel, from: number, to: number): number | null {
  const hasCourse = travel.courseless[to] === travel.courseless[from];
  const [eastM, northM, pathM] = [between(travel.eastM, from, to), between(travel.northM, from, to), between(travel.pathM, from, to)];
  let missM = Infinity;
  for (const led of travel.led) {
    const ledPathM = between(led.pathM, from, to);
    if (Number.isNaN(ledPathM)) continue;
    // Without a course only lengths compare: no further as the crow flies, and no less along the track, than reported.
    const miss = hasCourse
      ? Math.hypot(eastM - between(led.eastM, from, to), northM - between(led.northM, from, to))
      : Math.max(0, Math.hypot(eastM, northM) - ledPathM, ledPathM - pathM);
    missM = Math.min(missM, miss);
  }
  return Number.isFinite(missM) ? missM : null;
}

function between(sums: Float64Array, from: number, to: number): number {
  return sums[to]! - sums[from]!;
}

/** Sums along the track, one a point: positions, reported motion, and the steps that break either sum. */
interface Travel extends Sums {
  /** Reported motion until each point, read at each lag that receivers have. */
  readonly led: readonly Sums[];
  /** Steps so far over which the receiver was lost or reported no speed. */
  readonly gaps: Float64Array;
  /** Steps so far whose reported speed has no course. */
  readonly courseless: Float64Array;
  /** Between two readings of its speed a vehicle may have braked and sped up again: a·Δt²/4, each step on its own, squared. */
  readonly unseenM2: Float64Array;
}

interface Sums {
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  readonly pathM: Float64Array;
}

function travelOf(track: Track, { displacement, speedAgreement: { lagS } }: ValidateRules): Travel {
  const { atS, stepM, stepEastM, stepNorthM, reportedMps, reportedEastMps, reportedNorthMps } = track;
  const lost = lostSteps(track, displacement);
  const sums = (): Float64Array => new Float64Array(atS.length);
  const travel = { eastM: sums(), northM: sums(), pathM: sums(), gaps: sums(), courseless: sums(), unseenM2: sums() };
  const led = { eastM: sums(), northM: sums(), pathM: sums() };
  for (let n = 0; n < stepM.length; n += 1) {
    const durationS = atS[n + 1]! - atS[n]!;
    travel.eastM[n + 1] = travel.eastM[n]! + stepEastM[n]!;
    travel.northM[n + 1] = travel.northM[n]! + stepNorthM[n]!;
    travel.pathM[n + 1] = travel.pathM[n]! + stepM[n]!;
    led.eastM[n + 1] = led.eastM[n]! + (((reportedEastMps[n]! + reportedEastMps[n + 1]!) / 2) * durationS || 0);
    led.northM[n + 1] = led.northM[n]! + (((reportedNorthMps[n]! + reportedNorthMps[n + 1]!) / 2) * durationS || 0);
    led.pathM[n + 1] = led.pathM[n]! + (((reportedMps[n]! + reportedMps[n + 1]!) / 2) * durationS || 0);
    travel.gaps[n + 1] = travel.gaps[n]! + (lost[n] === 1 || isMissing(reportedMps, n) ? 1 : 0);
    travel.unseenM2[n] = ((displacement.accelMps2 * durationS ** 2) / 4) ** 2;
    travel.courseless[n + 1] = travel.courseless[n]! + (isMissing(reportedEastMps, n) ? 1 : 0);
  }
  return { ...travel, led: [-lagS, 0, lagS, 2 * lagS].map((byS) => readEarlier(atS, led, byS)) };
}

function isMissing(values: Float64Array, n: number): boolean {
  return !Number.isFinite(values[n]! + values[n + 1]!);
}

/** Sums at each point's time, `byS` before it, on straight lines between points; NaN beyond the ends. */
function readEarlier(times: Float64Array, { eastM, northM, pathM }: Sums, byS: number): Sums {
  const none = (): Float64Array => new Float64Array(times.length).fill(NaN);
  const read = { eastM: none(), northM: none(), pathM: none() };
  const last = times.length - 1;
  let next = 0;
  for (let n = 0; n < times.length; n += 1) {
    const atS = times[n]! - byS;
    if (atS < times[0]! || atS > times[last]!) continue;
    while (next <= last && times[next]! <= atS) next += 1;
    const point = Math.min(last - 1, Math.max(0, next - 1));
    const part = (atS - times[point]!) / (times[point + 1]! - times[point]!);
    read.eastM[n] = eastM[point]! + (eastM[point + 1]! - eastM[point]!) * part;
    read.northM[n] = northM[point]! + (northM[point + 1]! - northM[point]!) * part;
    read.pathM[n] = pathM[point]! + (pathM[point + 1]! - pathM[point]!) * part;
  }
  return read;
}

import type { Sketch, Track } from '../sketch.ts';

/** A radius that is not stated: a receiver's under an open sky, and that of pictures' positions, a phone's in a street of houses. */
export const UNSTATED_M = { gnss: 5, frames: 15 } as const;

/**
 * Reflections between houses change over some 35 s (a first-order Gauss-Markov process): an error of 1 m an axis is a
 * radius of 1.5 m, its steps of a second are 0.24 m and their differences 0.34 m. So much radius goes with each metre.
 */
const RADIUS_FOR_STEP = 4.5;
/** What receivers state in the worst street: who writes no radius is believed no worse. */
const MOST_M = 20;
/** Judged from so long to either side, of which so many seconds must tell, at so much speed. */
const REACH_S = 8;
const LEAST_TOLD = 9;
const LEAST_MPS = 2;
const LONGEST_STEP_S = 2.5;
/** Medians of normal variables' sizes, in standard deviations an axis: a leap or two shall not widen what they are held against. */
const MEDIAN_SIZE = { line: 0.6745, plane: 1.1774 } as const;

/**
 * How well positions are known in each second, in metres: as stated, and where nothing is stated as the receiver shows
 * it, by how unevenly its positions go against its own Doppler. A slide, another heading or a wrong scale is even, so
 * it widens nothing. NaN where there is no position.
 */
export function knownRadiusM({ track, haccM, gapS }: Sketch): Float64Array {
  let shown: Float64Array | null = null;
  return haccM.map((statedM, k) => {
    if (Number.isFinite(statedM) || !Number.isFinite(gapS[k]!)) return statedM;
    shown ??= shownRadiusM(track, haccM.length);
    return shown[k]!;
  });
}

function shownRadiusM(track: Track, seconds: number): Float64Array {
  const unevenM = unevenness(track, seconds);
  const leastM = UNSTATED_M[track.source];
  return unevenM.map((_, k) => {
    const told = unevenM.slice(Math.max(0, k - REACH_S), k + REACH_S + 1).filter(Number.isFinite).toSorted();
    return told.length < LEAST_TOLD ? leastM : Math.min(MOST_M, Math.max(leastM, RADIUS_FOR_STEP * told[told.length >> 1]!));
  });
}

/** How differently two steps go beyond their reported velocity, as a deviation an axis, at the second in which the later one ends. */
function unevenness(track: Track, seconds: number): Float64Array {
  const uneven = new Float64Array(seconds).fill(NaN);
  for (let n = 1; n < track.stepM.length; n += 1) {
    const [before, now] = [beyond(track, n - 1), beyond(track, n)];
    const inPlane = Math.hypot(now.eastM - before.eastM, now.northM - before.northM) / MEDIAN_SIZE.plane;
    // A receiver without a course tells of lengths alone.
    uneven[Math.min(seconds - 1, Math.floor(track.atS[n + 1]!))] = Number.isFinite(inPlane) ? inPlane : Math.abs(now.alongM - before.alongM) / MEDIAN_SIZE.line;
  }
  return uneven;
}

/** A step without what its receiver's own velocity explains; NaN where that is not told. */
function beyond({ atS, stepM, stepEastM, stepNorthM, reportedMps, reportedEastMps, reportedNorthMps }: Track, n: number): { readonly eastM: number; readonly northM: number; readonly alongM: number } {
  const durationS = atS[n + 1]! - atS[n]!;
  const led = (reported: Float64Array): number => ((reported[n]! + reported[n + 1]!) / 2) * durationS;
  if (!(durationS <= LONGEST_STEP_S && led(reportedMps) >= LEAST_MPS * durationS)) return { eastM: NaN, northM: NaN, alongM: NaN };
  return { eastM: stepEastM[n]! - led(reportedEastMps), northM: stepNorthM[n]! - led(reportedNorthMps), alongM: stepM[n]! - led(reportedMps) };
}

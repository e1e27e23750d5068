/** A device's turn rate in its standing vehicle, over so many seconds to either side: it drifts with warmth, within minutes. */
const REACH_S = 600;
/** Fewer seconds than this are no measurement. */
const LEAST_S = 8;
/** No phone's or dashcam's gyroscope is off by more (InvenSense ICM-20602: 5 °/s, most under 1 °/s). */
const MOST_RADPS = 0.09;

/** The gyroscope's offset about the vertical, second by second, from standstills alone; NaN where none is near. */
export function gyroBias(yawRadps: Float64Array, still: Uint8Array): Float64Array {
  const sums = new Float64Array(yawRadps.length + 1);
  const counts = new Float64Array(yawRadps.length + 1);
  for (let k = 0; k < yawRadps.length; k += 1) {
    const isTold = still[k] === 1 && Math.abs(yawRadps[k]!) < MOST_RADPS;
    sums[k + 1] = sums[k]! + (isTold ? yawRadps[k]! : 0);
    counts[k + 1] = counts[k]! + (isTold ? 1 : 0);
  }
  return yawRadps.map((_, k) => {
    const [from, to] = [Math.max(0, k - REACH_S), Math.min(yawRadps.length, k + REACH_S + 1)];
    const count = counts[to]! - counts[from]!;
    return count < LEAST_S ? NaN : (sums[to]! - sums[from]!) / count;
  });
}

/** Each missing value as the one that is nearest in time, 0 where there is none: an old bias is nearer to the truth than none. */
export function nearestTold(values: Float64Array): Float64Array {
  const told = [...values.keys()].filter((k) => Number.isFinite(values[k]!));
  let next = 0;
  return values.map((value, k) => {
    while (next < told.length && told[next]! < k) next += 1;
    const [before, after] = [told[next - 1], told[next]];
    const nearest = before !== undefined && (after === undefined || k - before <= after - k) ? before : after;
    return Number.isFinite(value) ? value : nearest === undefined ? 0 : values[nearest]!;
  });
}

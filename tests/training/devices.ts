import { headingOf, metresFrom, placeAt } from '../../fixtures/plane.ts';
import type { Random } from '../../fixtures/random.ts';
import type { GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import type { Sensed } from './attacked.ts';

/**
 * The same drive as another device might have recorded it: sensors with other bias, scale, noise and delay, another
 * receiver, coarser figures, lost fixes. Honest and attacked drives alike go through it, so it can give nothing away.
 */
export function asOtherDevice(sensed: Sensed, random: Random): Sensed {
  const imu = sensed.imu === null || sensed.imu.tS.length === 0 ? sensed.imu : otherSensor(sensed.imu, random);
  return { ...sensed, gnss: otherReceiver(sensed.gnss, random), imu };
}

type Column = 'forceX' | 'forceY' | 'forceZ' | 'gyroX' | 'gyroY' | 'gyroZ';
const FORCES = ['forceX', 'forceY', 'forceZ'] as const satisfies readonly Column[];
const GYROS = ['gyroX', 'gyroY', 'gyroZ'] as const satisfies readonly Column[];

function otherSensor(imu: ImuSeries, random: Random): ImuSeries {
  const coarse = !imu.averaged && imu.tS.length > 0 && random.chance(0.5) ? averagedSeconds(imu) : imu;
  const late = random.chance(0.7) ? random.uniform(-0.3, 0.6) : 0;
  const [forceNoise, gyroNoise] = random.chance(0.5) ? [random.uniform(0, 0.06), random.uniform(0, 0.004)] : [0, 0];
  const changed = (names: readonly Column[], bias: number, scale: number, noise: number): Partial<Record<Column, Float64Array>> => Object.fromEntries(names.map((name) => {
    const [offset, gain] = [random.normal(bias), 1 + random.normal(scale)];
    return [name, coarse[name].map((value) => value * gain + offset + (noise > 0 ? random.normal(noise) : 0))];
  }));
  const other: ImuSeries = { ...coarse, tS: coarse.tS.map((tS) => tS - late), ...changed(FORCES, 0.1, 0.01, forceNoise), ...changed(GYROS, 0.003, 0.01, gyroNoise) };
  const whole = random.chance(0.08) ? silent(other, random) : other;
  const handled = random.chance(0.08) && whole.tS.length > 0 ? turnedOver(whole, random) : whole;
  return random.chance(0.04) ? { ...handled, ...Object.fromEntries(GYROS.map((name) => [name, handled[name].map(() => NaN)])) } : handled;
}

/** The sensor sleeps for a while, or wakes late, or stops early. */
function silent(imu: ImuSeries, random: Random): ImuSeries {
  const [firstS, lastS] = [imu.tS[0]!, imu.tS.at(-1)!];
  const fromS = random.uniform(firstS - 60, lastS);
  const toS = fromS + random.uniform(10, 200);
  const keep = (column: Float64Array): Float64Array => column.filter((_, n) => imu.tS[n]! < fromS || imu.tS[n]! >= toS);
  return {
    averaged: imu.averaged, tS: keep(imu.tS), forceX: keep(imu.forceX), forceY: keep(imu.forceY), forceZ: keep(imu.forceZ), gyroX: keep(imu.gyroX), gyroY: keep(imu.gyroY), gyroZ: keep(imu.gyroZ),
  };
}

/** Somebody takes the phone and puts it down in another way, within three seconds. */
function turnedOver(imu: ImuSeries, random: Random): ImuSeries {
  const atS = imu.tS[0]! + random.uniform() * (imu.tS.at(-1)! - imu.tS[0]!);
  const [angle, axis] = [random.uniform(0.3, 2) * (random.chance(0.5) ? 1 : -1), random.below(3)];
  const [first, second] = [[1, 2], [2, 0], [0, 1]][axis] as [number, number];
  const out = { ...imu, forceX: imu.forceX.slice(), forceY: imu.forceY.slice(), forceZ: imu.forceZ.slice(), gyroX: imu.gyroX.slice(), gyroY: imu.gyroY.slice(), gyroZ: imu.gyroZ.slice() };
  for (let n = 0; n < imu.tS.length; n += 1) {
    const share = Math.min(1, Math.max(0, (imu.tS[n]! - atS) / 3));
    if (share === 0) continue;
    const [cos, sin] = [Math.cos(angle * share), Math.sin(angle * share)];
    for (const names of [FORCES, GYROS]) {
      const [a, b] = [imu[names[first]!][n]!, imu[names[second]!][n]!];
      out[names[first]!][n] = a * cos + b * sin;
      out[names[second]!][n] = b * cos - a * sin;
    }
    if (share < 1) for (const name of FORCES) out[name][n]! += random.normal(1);
    if (share < 1) for (const [n3, name] of GYROS.entries()) out[name][n]! += (n3 === axis ? angle / 3 : 0) + random.normal(0.2);
  }
  return out;
}

/** Each row the mean of a second, as many phones log. */
export function averagedSeconds(imu: ImuSeries): ImuSeries {
  const firstS = Math.ceil(imu.tS[0]!);
  const seconds = Math.max(0, Math.floor(imu.tS.at(-1)! - firstS));
  const counts = new Float64Array(seconds);
  for (const tS of imu.tS) if (tS >= firstS && Math.floor(tS - firstS) < seconds) counts[Math.floor(tS - firstS)]! += 1;
  const mean = (column: Float64Array): Float64Array => {
    const sums = new Float64Array(seconds);
    for (let n = 0; n < column.length; n += 1) {
      const k = Math.floor(imu.tS[n]! - firstS);
      if (k >= 0 && k < seconds) sums[k]! += column[n]!;
    }
    return sums.map((sum, k) => sum / counts[k]!).filter((_, k) => counts[k]! > 0);
  };
  return {
    averaged: true, tS: Float64Array.from({ length: seconds }, (_, k) => firstS + k + 0.5).filter((_, k) => counts[k]! > 0),
    forceX: mean(imu.forceX), forceY: mean(imu.forceY), forceZ: mean(imu.forceZ), gyroX: mean(imu.gyroX), gyroY: mean(imu.gyroY), gyroZ: mean(imu.gyroZ),
  };
}

/** Another receiver on the same way. */
export function otherReceiver(gnss: readonly GnssFix[], random: Random): readonly GnssFix[] {
  let fixes = gnss;
  if (random.chance(0.4)) fixes = wandering(fixes, random);
  if (random.chance(0.4)) fixes = noisyDoppler(fixes, random);
  if (random.chance(0.1)) fixes = smoothed(fixes);
  if (random.chance(0.15)) fixes = fixes.map((fix) => ({ ...fix, courseDeg: fix.courseDeg === null ? null : Math.round(fix.courseDeg) % 360 }));
  if (random.chance(0.3)) fixes = otherAccuracy(fixes, random);
  if (random.chance(0.07)) fixes = fixes.filter((_, n) => n % (2 + (fixes.length % 3)) === 0);
  if (random.chance(0.08)) fixes = lost(fixes, random);
  if (random.chance(0.12)) fixes = poor(fixes, random);
  if (random.chance(0.06)) fixes = fixes.map((fix) => ({ ...fix, speedMps: null, courseDeg: null }));
  return fixes;
}

/** An error of the position that comes and goes (first-order Gauss-Markov). */
function wandering(fixes: readonly GnssFix[], random: Random): readonly GnssFix[] {
  const [sigmaM, tauS, whiteM] = [random.uniform(0.3, 3), random.uniform(15, 90), random.chance(0.4) ? random.uniform(0, 0.6) : 0];
  let [eM, nM, lastS] = [random.normal(sigmaM), random.normal(sigmaM), fixes[0]?.tS ?? 0];
  return fixes.map((fix) => {
    const keep = Math.exp(-Math.max(0, fix.tS - lastS) / tauS);
    const fresh = sigmaM * Math.sqrt(1 - keep ** 2);
    [eM, nM, lastS] = [eM * keep + random.normal(fresh), nM * keep + random.normal(fresh), fix.tS];
    const { latDeg, lonDeg } = placeAt(fix, { eM: eM + (whiteM > 0 ? random.normal(whiteM) : 0), nM: nM + (whiteM > 0 ? random.normal(whiteM) : 0) });
    return { ...fix, latDeg, lonDeg };
  });
}

function noisyDoppler(fixes: readonly GnssFix[], random: Random): readonly GnssFix[] {
  const sigma = random.uniform(0.03, 0.3);
  return fixes.map((fix) => {
    if (fix.speedMps === null) return fix;
    const speedMps = Math.max(0, fix.speedMps + random.normal(sigma));
    const courseDeg = fix.courseDeg === null ? null : (fix.courseDeg + random.normal((sigma / Math.max(1, speedMps)) * 57) + 720) % 360;
    return { ...fix, speedMps: fix.speedMps < 0.05 ? fix.speedMps : speedMps, courseDeg };
  });
}

/** A phone's fused position: each the mean with its neighbours. */
function smoothed(fixes: readonly GnssFix[]): readonly GnssFix[] {
  return fixes.map((fix, n) => {
    const around = fixes.slice(Math.max(0, n - 1), n + 2);
    if (around.length < 3 || around[2]!.tS - around[0]!.tS > 4) return fix;
    const sum = around.map((other) => metresFrom(fix, other)).reduce((a, b) => ({ eM: a.eM + b.eM / 3, nM: a.nM + b.nM / 3 }), { eM: 0, nM: 0 });
    const { latDeg, lonDeg } = placeAt(fix, sum);
    return { ...fix, latDeg, lonDeg };
  });
}

function otherAccuracy(fixes: readonly GnssFix[], random: Random): readonly GnssFix[] {
  const [scale, constantM, isAbsent] = [Math.exp(random.uniform(-1, 1)), random.uniform(2, 12), random.chance(0.3)];
  const isConstant = random.chance(0.3);
  return fixes.map((fix) => ({ ...fix, haccM: isAbsent || fix.haccM === null ? null : isConstant && fix.haccM < 30 ? constantM : Math.min(99, fix.haccM * scale) }));
}

/**
 * Indoors, between towers, by network: a fix every few seconds, off by tens of metres as it says itself, and a speed
 * that is only the way between two of them. Honest, and no evidence of anything.
 */
function poor(fixes: readonly GnssFix[], random: Random): readonly GnssFix[] {
  const [firstS, lastS] = [fixes[0]?.tS ?? 0, fixes.at(-1)?.tS ?? 0];
  const isWhole = random.chance(0.4);
  const fromS = isWhole ? -Infinity : random.uniform(firstS - 60, lastS);
  const toS = isWhole ? Infinity : fromS + random.uniform(20, 180);
  const [everyS, noiseM, saysShare, derives] = [random.uniform(0.5, 8), random.uniform(5, 45), random.uniform(0.9, 2.5), random.uniform()];
  const out: GnssFix[] = [];
  let before: GnssFix | null = null;
  for (const fix of fixes) {
    if (fix.tS < fromS || fix.tS >= toS) {
      out.push(fix);
      continue;
    }
    if (before !== null && fix.tS - before.tS < everyS) continue;
    const errorM = noiseM * random.uniform(0.3, 1.3);
    const { latDeg, lonDeg } = placeAt(fix, { eM: random.normal(errorM), nM: random.normal(errorM) });
    const here: GnssFix = { ...fix, latDeg, lonDeg, haccM: Math.min(98, Math.max(fix.haccM ?? 0, errorM * saysShare)) };
    const told: GnssFix = derives < 0.3 ? here : derives < 0.6 || before === null ? { ...here, speedMps: null, courseDeg: null } : { ...here, ...motionBetween(before, here) };
    out.push(told);
    before = here;
  }
  return out;
}

function motionBetween(before: GnssFix, fix: GnssFix): { readonly speedMps: number; readonly courseDeg: number } {
  const { eM, nM } = metresFrom(before, fix);
  return { speedMps: Math.hypot(eM, nM) / Math.max(0.1, fix.tS - before.tS), courseDeg: headingOf(eM, nM) };
}

/** A tunnel. */
function lost(fixes: readonly GnssFix[], random: Random): readonly GnssFix[] {
  const first = fixes[0]?.tS ?? 0;
  const fromS = first + random.uniform() * ((fixes.at(-1)?.tS ?? first) - first);
  const toS = fromS + random.uniform(4, 25);
  return fixes.filter(({ tS }) => tS < fromS || tS >= toS);
}

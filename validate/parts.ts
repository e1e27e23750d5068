import type { Drive, ImuSeries, UnixSeconds } from '../shared/model/drive.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import { firstAfter } from './checks/coverage.ts';

/** A piece of a drive between long pauses, as a drive of its own. */
export interface Part {
  readonly drive: Drive;
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
}

/**
 * Cuts a drive where neither receiver nor camera gave a position for long: pictures of several days are one upload,
 * and a grid of seconds over the nights between (or over the years, with a clock reset to 1970) would hold nothing.
 */
export function partsOf(drive: Drive, { partGapS }: Pick<ValidateRules, 'partGapS'>): readonly Part[] {
  const gnss = drive.gnss.toSorted((a, b) => a.tS - b.tS);
  const frames = drive.frames.toSorted((a, b) => a.capturedAt - b.capturedAt);
  const times = [...gnss.map(({ tS }) => tS), ...frames.map(({ capturedAt }) => capturedAt)].toSorted((a, b) => a - b);
  const starts = times.flatMap((tS, n) => (n === 0 || tS - times[n - 1]! > partGapS ? [n] : []));
  let [fixesUsed, framesUsed] = [0, 0];
  return starts.map((start, n) => {
    const [fromS, toS] = [times[start]!, times[(starts[n + 1] ?? times.length) - 1]!];
    const [fixesFrom, framesFrom] = [fixesUsed, framesUsed];
    while (fixesUsed < gnss.length && gnss[fixesUsed]!.tS <= toS) fixesUsed += 1;
    while (framesUsed < frames.length && frames[framesUsed]!.capturedAt <= toS) framesUsed += 1;
    const imu = drive.imu === null ? null : samplesWithin(drive.imu, fromS, toS);
    return { fromS, toS, drive: { ...drive, gnss: gnss.slice(fixesFrom, fixesUsed), frames: frames.slice(framesFrom, framesUsed), imu } };
  });
}

/** Views on the same memory, a second beyond either end so that no second loses its samples. */
function samplesWithin(imu: ImuSeries, fromS: UnixSeconds, toS: UnixSeconds): ImuSeries {
  const [from, to] = [firstAfter(imu.tS, fromS - 1), firstAfter(imu.tS, toS + 1)];
  const view = (column: Float64Array): Float64Array => column.subarray(from, to);
  return {
    averaged: imu.averaged, tS: view(imu.tS),
    forceX: view(imu.forceX), forceY: view(imu.forceY), forceZ: view(imu.forceZ),
    gyroX: view(imu.gyroX), gyroY: view(imu.gyroY), gyroZ: view(imu.gyroZ),
  };
}

import type { Drive, ImuSeries } from '../../shared/model/drive.ts';

/** A sensor taken away; null where the drive has nothing to take. */
export type DropOut = (drive: Drive) => Drive | null;

/** What a device may lack (issue B): each is the same drive with less in it. */
export const DROP_OUTS: Readonly<Record<string, DropOut>> = {
  no_doppler: (drive) => (drive.gnss.every(({ speedMps }) => speedMps === null) ? null : { ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, speedMps: null, courseDeg: null, saccMps: null })) }),
  no_gyro: (drive) => (drive.imu === null || drive.imu.gyroX.every(Number.isNaN) ? null : { ...drive, imu: withoutGyro(drive.imu) }),
  no_camera: (drive) => (drive.frames.length === 0 ? null : { ...drive, frames: [] }),
  imu_1hz: (drive) => (drive.imu === null || drive.imu.averaged ? null : { ...drive, imu: atOneHertz(drive.imu) }),
};

function withoutGyro(imu: ImuSeries): ImuSeries {
  const none = (): Float64Array => new Float64Array(imu.tS.length).fill(NaN);
  return { ...imu, gyroX: none(), gyroY: none(), gyroZ: none() };
}

/** Each row the mean of a second, as the phones of the shared drives give it. Seconds without a sample have no row. */
export function atOneHertz(imu: ImuSeries): ImuSeries {
  const startS = Math.floor(imu.tS[0] ?? 0);
  const counts = new Map<number, number>();
  for (const tS of imu.tS) counts.set(Math.floor(tS - startS), (counts.get(Math.floor(tS - startS)) ?? 0) + 1);
  const seconds = [...counts.keys()];
  const mean = (column: Float64Array): Float64Array => {
    const sums = new Map(seconds.map((second) => [second, 0]));
    for (const [n, value] of column.entries()) sums.set(Math.floor(imu.tS[n]! - startS), sums.get(Math.floor(imu.tS[n]! - startS))! + value);
    return Float64Array.from(seconds, (second) => sums.get(second)! / counts.get(second)!);
  };
  return {
    averaged: true, tS: Float64Array.from(seconds, (second) => startS + second + 0.5),
    forceX: mean(imu.forceX), forceY: mean(imu.forceY), forceZ: mean(imu.forceZ), gyroX: mean(imu.gyroX), gyroY: mean(imu.gyroY), gyroZ: mean(imu.gyroZ),
  };
}

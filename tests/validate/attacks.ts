import type { Drive, ImuSeries, UnixSeconds } from '../../shared/model/drive.ts';
import { moved } from '../../shared/model/geo.ts';

export interface Teleport {
  readonly atS: UnixSeconds;
  readonly metres: number;
  readonly onCourseDeg: number;
}

/** Every position from `atS` on lies elsewhere; what the receiver reports of speed and accuracy stays its own. */
export function teleported(drive: Drive, { atS, metres, onCourseDeg }: Teleport): Drive {
  const there = <Place extends { latDeg: number; lonDeg: number }>(place: Place, tS: UnixSeconds): Place =>
    tS < atS ? place : { ...place, ...moved(place, metres, onCourseDeg) };
  return {
    ...drive,
    gnss: drive.gnss.map((fix) => there(fix, fix.tS)),
    frames: drive.frames.map((frame) => there(frame, frame.capturedAt)),
  };
}

/** Applies a change to every measured column of an IMU. */
export function mapImu(imu: ImuSeries, change: (column: Float64Array) => Float64Array): ImuSeries {
  return {
    ...imu,
    forceX: change(imu.forceX), forceY: change(imu.forceY), forceZ: change(imu.forceZ),
    gyroX: change(imu.gyroX), gyroY: change(imu.gyroY), gyroZ: change(imu.gyroZ),
  };
}

/** The part of a drive in `[fromS, toS)`. */
export function cut(drive: Drive, fromS: UnixSeconds, toS: UnixSeconds): Drive {
  const isInside = (tS: number): boolean => tS >= fromS && tS < toS;
  const { imu } = drive;
  return {
    ...drive,
    gnss: drive.gnss.filter(({ tS }) => isInside(tS)),
    imu: imu === null ? null : { ...mapImu(imu, (column) => column.filter((_, n) => isInside(imu.tS[n]!))), tS: imu.tS.filter(isInside) },
    frames: drive.frames.filter(({ capturedAt }) => isInside(capturedAt)),
  };
}

/** From `fromS` on the sensor lies on a desk: samples of the drive's own stillest stretch, over and over. */
export function parked(drive: Drive, fromS: UnixSeconds, rest: { readonly from: number; readonly to: number }): Drive {
  const { imu } = drive;
  if (imu === null) return drive;
  const still = (column: Float64Array): Float64Array =>
    column.map((value, n) => (imu.tS[n]! < fromS ? value : column[rest.from + ((n - rest.from) % (rest.to - rest.from) + (rest.to - rest.from)) % (rest.to - rest.from)]!));
  return { ...drive, imu: mapImu(imu, still) };
}

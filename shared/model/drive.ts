import type { FrameId, Sha256 } from './ids.ts';
import type { LatLon } from './geo.ts';
import type { Refusal } from './reason.ts';

/** Seconds since 1970-01-01T00:00:00Z, UTC, fractional. The one clock of a drive folder. */
export type UnixSeconds = number;

/** What one row of gnss.csv says; a missing cell is null, never zero. */
export interface GnssFix extends LatLon {
  readonly tS: UnixSeconds;
  readonly altM: number | null;
  /** As the receiver reported it (Doppler), not a difference of positions. */
  readonly speedMps: number | null;
  /** Clockwise from true north. */
  readonly courseDeg: number | null;
  /** 68 % radius. */
  readonly haccM: number | null;
  readonly vaccM: number | null;
  readonly saccMps: number | null;
  readonly hdop: number | null;
  readonly satellites: number | null;
}

/**
 * The motion sensor as columns of equal length, one row a sample, times strictly increasing.
 * Right-handed device frame of unknown mounting; at rest `force` points up with 9.81 m/s².
 * NaN in `gyro*` marks a device without a gyroscope.
 */
export interface ImuSeries {
  readonly tS: Float64Array;
  readonly forceX: Float64Array;
  readonly forceY: Float64Array;
  readonly forceZ: Float64Array;
  readonly gyroX: Float64Array;
  readonly gyroY: Float64Array;
  readonly gyroZ: Float64Array;
  /** Each row is the mean over its sample interval, so vibration is not observable at its own rate. */
  readonly averaged: boolean;
}

/** Where a frame's capture time came from. */
export type TimeSource = 'gps' | 'exif' | 'track' | 'asserted';
/** Where a frame's position came from. */
export type PositionSource = 'exif' | 'frames.csv' | 'track';

/** 64×36 grey levels, row by row: what the camera checks see of a frame. */
export const GREY_WIDTH = 64;
export const GREY_HEIGHT = 36;

/** A picture that has a time and a place. */
export interface Frame extends LatLon {
  readonly id: FrameId;
  /** Path inside the drive, `/` between folders. */
  readonly path: string;
  readonly capturedAt: UnixSeconds;
  readonly timeSource: TimeSource;
  readonly positionSource: PositionSource;
  readonly altM: number | null;
  /** Where the camera looks, clockwise from true north. */
  readonly headingDeg: number | null;
  readonly speedMps: number | null;
  readonly haccM: number | null;
  /** Counted from 0 within the drive; a new one begins after a gap in time or place. */
  readonly sequence: number;
  /**
   * 64×36 grey levels, row by row; absent where the pixels are not at hand. They lie beside the assembled drive, never
   * in its document: a frame that is taken back must leave nothing of its pixels behind.
   */
  readonly grey?: Uint8Array;
}

/** The drive with its pictures' grey levels, by path. */
export function withGreys(drive: Drive, greys: ReadonlyMap<string, Uint8Array>): Drive {
  const shown = (frame: Frame): Frame => {
    const grey = greys.get(frame.path);
    return grey === undefined ? frame : { ...frame, grey };
  };
  return { ...drive, frames: drive.frames.map(shown) };
}

export interface Device {
  readonly make: string | null;
  readonly model: string | null;
  readonly serial: string | null;
}

/** A drive as every importer hands it on: typed, sorted by time, with what was refused beside what was kept. */
export interface Drive {
  /** Name from drive.json, else the folder's. Not the id of the uploaded drive. */
  readonly name: string;
  readonly device: Device;
  readonly gnss: readonly GnssFix[];
  readonly imu: ImuSeries | null;
  readonly frames: readonly Frame[];
  readonly refusedRows: readonly RefusedRow[];
  /** Over the sorted (path, SHA-256) pairs of the drive's files. */
  readonly inputSha256: Sha256;
}

/** A row of a sensor file that was not used. `line` counts from 1, the header included. */
export interface RefusedRow {
  readonly file: string;
  readonly line: number;
  readonly refusal: Refusal;
}

import { createHash } from 'node:crypto';
import type { SimulatedDrive } from '../fixtures/drive.ts';
import type { Drive, Frame } from '../shared/model/drive.ts';
import type { FrameId, Sha256 } from '../shared/model/ids.ts';

/** A simulated drive as Ingest would hand it on; no rows of a motion sensor are none. Grey levels, by picture, where they are given. */
export function asRecorded({ driveJson, gnss, imu, frames }: SimulatedDrive, greys: readonly Uint8Array[] = []): Drive {
  return {
    name: driveJson.id, device: { ...driveJson.device, serial: null }, gnss, imu: imu.tS.length === 0 ? null : imu, refusedRows: [],
    frames: frames.map((frame, n): Frame => ({
      id: createHash('sha256').update(`${driveJson.id}/${frame.path}`).digest('hex') as FrameId, path: frame.path, capturedAt: frame.tS, timeSource: 'track', positionSource: 'track',
      latDeg: frame.latDeg, lonDeg: frame.lonDeg, altM: frame.altM, headingDeg: frame.headingDeg, speedMps: null, haccM: null, sequence: 0,
      ...(greys[n] === undefined ? {} : { grey: greys[n] }),
    })),
    inputSha256: createHash('sha256').update(driveJson.id).digest('hex') as Sha256,
  };
}

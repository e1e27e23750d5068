import { demoNetwork } from '../../../fixtures/demo.ts';
import { simulateDrive, type SimulatedDrive } from '../../../fixtures/drive.ts';
import { type Route, wanderingRoute } from '../../../fixtures/route.ts';
import type { Drive, Frame, GnssFix } from '../../../shared/model/drive.ts';
import type { FrameId, Sha256 } from '../../../shared/model/ids.ts';
import { lookOf } from '../../../shared/model/look.ts';
import type { ContextDrive } from '../../../validate/context/context-drive.ts';
import { sensorBlocks } from '../../../validate/context/sensor-blocks.ts';

export const STREETS = demoNetwork(20);
/** Noon at the streets: what is drawn there lies in daylight. */
export const TODAY_S = 1_779_970_000;

/** A drive of a few minutes along a route: another seed is another car, another receiver and another day's traffic. */
export function driven(route: Route, options: { readonly seed: number; readonly startAtS?: number; readonly cruiseMps?: number }): SimulatedDrive {
  return simulateDrive({ network: STREETS, route, name: `drive-${options.seed}`, startAtS: TODAY_S, ...options });
}

export function wandering(seed: number, lengthM = 2500): Route {
  return wanderingRoute(STREETS, { seed, lengthM });
}

/** As Ingest would hand it on; grey levels only where they are given. */
export function asDrive({ driveJson, gnss, imu, frames }: Pick<SimulatedDrive, 'driveJson' | 'gnss' | 'imu' | 'frames'>, greys: readonly Uint8Array[] = []): Drive {
  return {
    name: driveJson.id, device: { make: null, model: null, serial: null }, gnss, imu, refusedRows: [],
    inputSha256: Buffer.from(driveJson.id.padEnd(32, '.')).toString('hex').slice(0, 64) as Sha256,
    frames: frames.map(({ path, tS, latDeg, lonDeg }, n): Frame => ({
      id: Buffer.from(`${driveJson.id}${path}`.padEnd(32, '.')).toString('hex').slice(-64) as FrameId,
      path, capturedAt: tS, latDeg, lonDeg, timeSource: 'gps', positionSource: 'track', altM: null, headingDeg: null, speedMps: null, haccM: null, sequence: 0,
      ...(greys[n] === undefined ? {} : { grey: greys[n] }),
    })),
  };
}

/** What a context holds of a drive. */
export function inContext(drive: Drive, contributor: string | null): ContextDrive {
  return {
    inputSha256: drive.inputSha256, contributor, gnss: drive.gnss, blocks: sensorBlocks(drive),
    frames: drive.frames.flatMap(({ id, capturedAt, latDeg, lonDeg, grey }) => (grey === undefined ? [] : [{ id, capturedAt, latDeg, lonDeg, look: lookOf(grey), grey: async () => grey }])),
  };
}

/** The track with its times and places changed, and the pictures along with it. */
export function retold(drive: SimulatedDrive, id: string, tell: (fix: GnssFix) => GnssFix): SimulatedDrive {
  const frames = drive.frames.map((frame) => {
    const { tS, latDeg, lonDeg } = tell({ ...drive.gnss[0]!, tS: frame.tS, latDeg: frame.latDeg, lonDeg: frame.lonDeg });
    return { ...frame, tS, latDeg, lonDeg };
  });
  return { ...drive, driveJson: { ...drive.driveJson, id }, gnss: drive.gnss.map(tell), frames };
}

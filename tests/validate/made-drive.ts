import { makeRandom, type Random } from '../../fixtures/random.ts';
import type { Drive, Frame, GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import { type LatLon, moved, wrapDeg } from '../../shared/model/geo.ts';
import type { Sha256 } from '../../shared/model/ids.ts';

export const START_S = 1_780_000_000;
const HOME: LatLon = { latDeg: 52.37, lonDeg: 4.9 };
const IMU_HZ = 50;

/** What a test says of a drive; times are seconds from its start. */
export interface MadeDrive {
  readonly seconds: number;
  readonly speedMps?: (atS: number) => number;
  readonly courseDeg?: (atS: number) => number;
  readonly haccM?: (atS: number) => number | null;
  /** Seconds without a fix. */
  readonly lost?: (atS: number) => boolean;
  readonly stepS?: number;
  readonly hasDoppler?: boolean;
  /** How the device shakes and turns at a time, or null for a device without a sensor. */
  readonly imu?: ((atS: number) => Shaking) | null;
  readonly averaged?: boolean;
  readonly framesEveryS?: number;
  readonly seed?: number;
}

export interface Shaking {
  readonly vibrationMps2: number;
  readonly gyroRadps: number;
  /** The device lies on a desk and not in the vehicle: it feels nothing of how it drives. */
  readonly isElsewhere?: boolean;
}

export const ROUGH_ROAD: Shaking = { vibrationMps2: 0.8, gyroRadps: 0.04 };
/** An electric car gliding on new asphalt, a ferry, a train: the calmest honest ride. */
export const GLIDING: Shaking = { vibrationMps2: 0.16, gyroRadps: 0.008 };
/** A phone on a desk: its own noise. */
export const DESK: Shaking = { vibrationMps2: 0.05, gyroRadps: 0.002, isElsewhere: true };

/** An honest drive with a receiver's correlated noise of a metre or two. */
export function madeDrive(made: MadeDrive): Drive {
  const random = makeRandom(made.seed ?? 1, 'validate');
  const gnss = fixesOf(made, random);
  return {
    name: 'made',
    device: { make: null, model: null, serial: null },
    gnss,
    imu: made.imu === undefined || made.imu === null ? null : imuOf(made, made.imu, random),
    frames: gnss.filter((_, n) => n % (made.framesEveryS ?? Infinity) === 0 && made.framesEveryS !== undefined).map((fix, n) => frameAt(fix, n)),
    refusedRows: [],
    inputSha256: 'a'.repeat(64) as Sha256,
  };
}

function fixesOf(made: MadeDrive, random: Random): readonly GnssFix[] {
  const { speedMps = () => 14, courseDeg = () => 70, haccM = () => 4, lost = () => false, stepS = 1, hasDoppler = true } = made;
  const fixes: GnssFix[] = [];
  let place = HOME;
  let [driftEastM, driftNorthM] = [0, 0];
  for (let atS = 0; atS <= made.seconds; atS += stepS) {
    driftEastM = 0.95 * driftEastM + random.normal(0.4);
    driftNorthM = 0.95 * driftNorthM + random.normal(0.4);
    if (!lost(atS)) {
      const seen = moved(moved(place, driftEastM, 90), driftNorthM, 0);
      const speed = Math.max(0, speedMps(atS) + random.normal(0.1));
      fixes.push({
        ...seen, tS: START_S + atS, altM: null, haccM: haccM(atS), vaccM: null, saccMps: null, hdop: null, satellites: null,
        speedMps: hasDoppler ? speed : null,
        courseDeg: hasDoppler ? wrapDeg(courseDeg(atS) + random.normal(0.5)) : null,
      });
    }
    place = moved(place, speedMps(atS) * stepS, courseDeg(atS));
  }
  return fixes;
}

/** Mounted with x forward and z up: it feels the vehicle's braking and turning besides shaking. */
function imuOf(made: MadeDrive, shaking: (atS: number) => Shaking, random: Random): ImuSeries {
  const { seconds, averaged = false, speedMps = () => 14, courseDeg = () => 70 } = made;
  const hz = averaged ? 1 : IMU_HZ;
  const tS = Float64Array.from({ length: seconds * hz }, (_, n) => START_S + (n + 0.5) / hz);
  const isThere = tS.map((at) => (shaking(at - START_S).isElsewhere === true ? 0 : 1));
  // The mean over a second, where that is what a row says.
  const forward = tS.map((at, n) => isThere[n]! * (speedMps(at - START_S + 0.5) - speedMps(at - START_S - 0.5)));
  const turn = tS.map((at, n) => (isThere[n]! * (courseDeg(at - START_S + 0.5) - courseDeg(at - START_S - 0.5)) * Math.PI) / 180);
  const left = tS.map((at, n) => -speedMps(at - START_S) * turn[n]!);
  // A vector's spread is √3 of one axis's.
  const shaken = (of: (shaking: Shaking) => number, felt?: Float64Array): Float64Array => tS.map((at, n) => random.normal(of(shaking(at - START_S)) / Math.sqrt(3)) + (felt?.[n] ?? 0));
  const force = (felt?: Float64Array): Float64Array => shaken(({ vibrationMps2 }) => vibrationMps2, felt);
  const gyro = (felt?: Float64Array): Float64Array => shaken(({ gyroRadps }) => gyroRadps, felt);
  return {
    tS, averaged, forceX: force(forward), forceY: force(left), forceZ: force().map((value) => value + 9.81), gyroX: gyro(), gyroY: gyro(), gyroZ: gyro(turn.map((value) => -value)),
  };
}

export function frameAt(fix: LatLon & { readonly tS: number }, n: number, source: Pick<Frame, 'timeSource' | 'positionSource'> = { timeSource: 'gps', positionSource: 'track' }): Frame {
  return {
    id: String(n).padStart(64, '0') as Sha256, path: `frames/${String(n).padStart(4, '0')}.jpg`, capturedAt: fix.tS, latDeg: fix.latDeg, lonDeg: fix.lonDeg,
    altM: null, headingDeg: null, speedMps: null, haccM: null, sequence: 0, ...source,
  };
}

/** Pictures with a place and a time of their own, and no other sensor: `apartM` and `apartS` from one to the next. */
export function photoFolder(count: number, { apartM, apartS }: { readonly apartM: number; readonly apartS: number }): Drive {
  const frames = Array.from({ length: count }, (_, n) => frameAt({ ...moved(HOME, n * apartM, 20), tS: START_S + n * apartS }, n, { timeSource: 'exif', positionSource: 'exif' }));
  return { ...madeDrive({ seconds: 1 }), gnss: [], frames };
}

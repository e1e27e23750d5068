import { createHash } from 'node:crypto';
import { consumerReceiver } from '../../fixtures/gnss.ts';
import { makeRandom } from '../../fixtures/random.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import { simulateDrive } from '../../fixtures/drive.ts';
import { DEVICE_KINDS } from '../../fixtures/devices/devices.ts';
import { SCENARIOS } from '../../fixtures/scenarios/all.ts';
import { everyday } from '../../fixtures/scenarios/everyday.ts';
import type { Drive, ImuSeries } from '../../shared/model/drive.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { asRecorded } from '../simulated-drive.ts';
import { readRealDrives } from '../validate/real-drives.ts';

/** A drive of the training set and the fold that must not learn from it; `EVERY_FOLD` learns from some, and they are not measured on. */
export interface Journey {
  readonly drive: Drive;
  readonly source: 'real' | 'simulated';
  readonly fold: number;
}

export const FOLDS = 5;
/** One ferry teaches what a ferry is, and there is no other to be measured on: the scorecard judges look-alikes of other seeds. */
export const EVERY_FOLD = -1;
/** Positions by network, with 25 m to 3 km and no speed: honest, but nothing that a forger would start from. */
export const UNFIT_TO_ATTACK = ['phone-2023-08-04-network-provider'];

/** The real drives of a folder; recordings of one journey share a fold. */
export function realJourneys(folder: string): readonly Journey[] {
  const drives = readRealDrives(folder);
  const names = [...new Set(drives.map(({ name }) => journeyName(name)))];
  return drives.map((drive) => ({ drive, source: 'real', fold: names.indexOf(journeyName(drive.name)) % FOLDS }));
}

/** The two recordings of 2023-08-04 are one journey. */
export function journeyName(drive: string): string {
  return drive.replace(/-(gps|network)-provider$/, '');
}

/** Those whose positions a forger could have started from. */
const LOOK_ALIKES = SCENARIOS.filter(({ name }) => !['provider-switch', 'tunnel-network', 'cold-start', 'red-light'].includes(name));
/** The list is gone through in steps that share no divisor with its length: its neighbours are alike. */
const SORTS = 11;
const CENTRE = { latDeg: 48.2125, lonDeg: 11.606 };
const START_S = 1_780_000_000;

/**
 * Simulated drives over town, land and motorway, with every kind of device in turn (means of a second and 25-200 Hz,
 * without a gyroscope, without a motion sensor, held, handled and loose, at 1-10 Hz of positions); one in three is an
 * honest look-alike instead, for every fold to learn from: a ferry, a queue, a tunnel.
 */
export function scenarioJourneys(count: number, seed: number): readonly Journey[] {
  return Array.from({ length: count }, (_, n): Journey => {
    const round = Math.floor(n / 3);
    const [looksAlike] = n % 3 === 2 ? LOOK_ALIKES[(SORTS * round) % LOOK_ALIKES.length]!.drives(seed + n) : [];
    const made = looksAlike ?? everyday(seed + n, { startAtS: START_S + n * 20_000, kind: DEVICE_KINDS[(2 * round + (n % 3)) % DEVICE_KINDS.length]! });
    return { drive: { ...asRecorded(made), frames: [] }, source: 'simulated', fold: looksAlike === undefined ? n % FOLDS : EVERY_FOLD };
  });
}

/** Simulated drives through blocks of streets, every other one with a sensor that gives means of a second as many phones do. */
export function simulatedJourneys(count: number, seed: number): readonly Journey[] {
  return Array.from({ length: count }, (_, n) => {
    const random = makeRandom(seed + n, 'journey');
    const network = makeCityBlock({ seed: seed + n, centre: CENTRE, columns: 9, rows: 8 });
    const made = simulateDrive({
      seed: seed + n, network, startAtS: START_S + n * 10_000, name: `simulated-${seed + n}`,
      route: wanderingRoute(network, { seed: seed + n, lengthM: random.uniform(3000, 7000) }),
      cruiseMps: random.uniform(8, 24),
      receiver: { ...consumerReceiver(random), latencyS: random.uniform(0, 1), speedSigmaMps: random.uniform(0.05, 0.3) },
    });
    const drive: Drive = {
      name: made.driveJson.id, device: { make: 'Wayproof', model: 'Simulator', serial: null }, gnss: made.gnss, imu: n % 2 === 0 ? made.imu : averaged(made.imu), frames: [], refusedRows: [],
      inputSha256: createHash('sha256').update(`${seed + n}`).digest('hex') as Sha256,
    };
    return { drive, source: 'simulated', fold: n % FOLDS };
  });
}

/** Each row the mean of a second. */
function averaged(imu: ImuSeries): ImuSeries {
  const firstS = Math.ceil(imu.tS[0]!);
  const seconds = Math.floor(imu.tS.at(-1)! - firstS);
  const mean = (column: Float64Array): Float64Array => {
    const [sums, counts] = [new Float64Array(seconds), new Float64Array(seconds)];
    for (let n = 0; n < column.length; n += 1) {
      const k = Math.floor(imu.tS[n]! - firstS);
      if (k < 0 || k >= seconds) continue;
      sums[k]! += column[n]!;
      counts[k]! += 1;
    }
    return sums.map((sum, k) => sum / counts[k]!);
  };
  return {
    averaged: true, tS: Float64Array.from({ length: seconds }, (_, k) => firstS + k + 0.5), forceX: mean(imu.forceX), forceY: mean(imu.forceY), forceZ: mean(imu.forceZ),
    gyroX: mean(imu.gyroX), gyroY: mean(imu.gyroY), gyroZ: mean(imu.gyroZ),
  };
}

import { createHash } from 'node:crypto';
import type { Drive, GnssFix, ImuSeries, UnixSeconds } from '../../shared/model/drive.ts';

/** A run of raw readings by its hash: the same run in two drives is the same recording. */
export interface SensorBlock {
  /** Signed, so that it fits a BIGINT. */
  readonly hash: bigint;
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
}

const FIXES = 16;
const SAMPLES = 32;
/** On average one block of each kind is kept in so many seconds; which ones the readings decide, so a cut copy has the same. */
const SPACING_S = 16;
/** At rest a receiver says the same again and again. */
const MOVING_MPS = 2;
/** Runs with fewer different readings, such as those of a sensor at rest with coarse steps, may come again by chance. */
const DISTINCT_SHARE = 0.7;
/** 1e-6° is 0.11 m, ten times finer than what receivers agree on; a copy moved by a constant keeps most of its steps. */
const STEP_DEG = 1e-6;
const SPEED_MPS = 0.01;
const COURSE_DEG = 0.1;
const FORCE_MPS2 = 1e-3;
/** Between neighbours of one run. */
const LONGEST_GAP_S = 5;
/** Enough for the median step. */
const STEPS_SEEN = 1000;
/** No more of one drive: 24 h of three kinds are 16,200. */
const MOST_BLOCKS = 20_000;

/**
 * Blocks of the receiver's reported speeds and courses, of its steps from fix to fix, and of the magnitude of the
 * specific force. None of them changes where times or positions are shifted or the sensor is turned; each carries
 * noise that no second drive repeats.
 */
export function sensorBlocks({ gnss, imu }: Pick<Drive, 'gnss' | 'imu'>): readonly SensorBlock[] {
  const blocks = [...dopplerBlocks(gnss), ...stepBlocks(gnss), ...(imu === null ? [] : forceBlocks(imu))];
  return [...new Map(blocks.map((block) => [block.hash, block])).values()].slice(0, MOST_BLOCKS);
}

/** Readings in time order; NaN ends a run. */
interface Readings {
  readonly kind: string;
  readonly tS: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly length: number;
}

function dopplerBlocks(gnss: readonly GnssFix[]): readonly SensorBlock[] {
  const speed = Float64Array.from(gnss, ({ speedMps }) => (speedMps !== null && speedMps >= MOVING_MPS ? Math.round(speedMps / SPEED_MPS) : NaN));
  const course = Float64Array.from(gnss, ({ courseDeg }) => (courseDeg === null ? 0 : Math.round(courseDeg / COURSE_DEG)));
  return blocksOf({ kind: 'doppler', tS: Float64Array.from(gnss, ({ tS }) => tS), columns: [speed, course], length: FIXES });
}

function stepBlocks(gnss: readonly GnssFix[]): readonly SensorBlock[] {
  const step = (of: 'latDeg' | 'lonDeg') => Float64Array.from(gnss, (fix, n) => (n === 0 ? NaN : Math.round((fix[of] - gnss[n - 1]![of]) / STEP_DEG)));
  const [north, east] = [step('latDeg'), step('lonDeg')];
  for (let n = 0; n < gnss.length; n += 1) if (north[n] === 0 && east[n] === 0) north[n] = NaN;
  return blocksOf({ kind: 'step', tS: Float64Array.from(gnss, ({ tS }) => tS), columns: [north, east], length: FIXES });
}

function forceBlocks({ tS, forceX, forceY, forceZ }: ImuSeries): readonly SensorBlock[] {
  const norm = Float64Array.from(tS, (_, n) => Math.round(Math.hypot(forceX[n]!, forceY[n]!, forceZ[n]!) / FORCE_MPS2));
  return blocksOf({ kind: 'force', tS, columns: [norm], length: SAMPLES });
}

function blocksOf({ kind, tS, columns, length }: Readings): readonly SensorBlock[] {
  const every = spacing(tS);
  const blocks: SensorBlock[] = [];
  for (let from = 0; from + length <= tS.length; from += 1) {
    if (mixed(columns, from) % every !== 0 || !isRun(tS, columns, { from, length })) continue;
    const rows = Array.from({ length }, (_, n) => columns.map((column) => column[from + n]!).join(' '));
    if (new Set(rows).size < DISTINCT_SHARE * length) continue;
    const digest = createHash('sha256').update(`${kind}\n${rows.join('\n')}`).digest();
    blocks.push({ hash: digest.readBigInt64BE(0), fromS: tS[from]!, toS: tS[from + length - 1]! });
  }
  return blocks;
}

/** A power of two, so that a copy cut elsewhere has the same one. */
function spacing(tS: Float64Array): number {
  const each = Math.max(1, Math.floor(tS.length / STEPS_SEEN));
  const steps = Array.from({ length: Math.max(0, Math.floor((tS.length - 1) / each)) }, (_, n) => tS[n * each + 1]! - tS[n * each]!).toSorted((a, b) => a - b);
  const stepS = steps[steps.length >> 1] ?? 1;
  return 2 ** Math.max(0, Math.round(Math.log2(SPACING_S / Math.max(stepS, 1e-3))));
}

function isRun(tS: Float64Array, columns: readonly Float64Array[], { from, length }: { readonly from: number; readonly length: number }): boolean {
  for (let n = from; n < from + length; n += 1) {
    if (n > from && tS[n]! - tS[n - 1]! > LONGEST_GAP_S) return false;
    if (columns.some((column) => Number.isNaN(column[n]!))) return false;
  }
  return true;
}

/** Two readings as 32 well-mixed bits (the finaliser of MurmurHash3): they choose which runs are kept. */
function mixed(columns: readonly Float64Array[], at: number): number {
  let hash = 0;
  for (const column of columns) {
    for (const value of [column[at]!, column[at + 1]!]) {
      hash = Math.imul(hash ^ (value | 0), 0x85eb_ca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
      hash ^= hash >>> 16;
    }
  }
  return hash >>> 0;
}

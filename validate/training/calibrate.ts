import type { Drive } from '../../shared/model/drive.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import { severity } from '../../shared/model/verdict.ts';
import { type Calibration, chanceOfCheck, type CheckChance, type CheckTails, chanceOfWindow, driveScore, strongest, type Tail, tailOf } from '../calibrate.ts';
import { CHECKS } from '../checks/all.ts';
import type { Check } from '../checks/check.ts';
import { LEARNED_CONSISTENCY } from '../checks/learned-consistency.ts';
import { partsOf } from '../parts.ts';
import { sketchOf } from '../sketch.ts';
import { measure, type MeasuredWindow } from '../windows.ts';

/** How many pieces of a length are cut from each honest drive to learn what an hour of windows is worth. */
const CUTS_PER_LENGTH = 12;
/** Enough to find the worth to six decimals. */
const HALVINGS = 24;
/** Pieces of 3, 10, 30 and 90 minutes, in windows of the default stride of 16 s. */
const CUT_WINDOWS = [8, 34, 109, 334];

/** The checks whose values were worked out before, for a part of a drive: a net's, that has not seen the drive's journey. */
export type LearnedChecks = (drive: Drive, part: number) => readonly Check[];

/** An honest drive and what every check found in it. */
export interface MeasuredDrive {
  readonly drive: Drive;
  readonly windows: readonly MeasuredWindow[];
}

/** Runs every check over a drive, which is most of the work. */
export function measureDrive(drive: Drive, recipe: Recipe, learned: LearnedChecks = () => []): MeasuredDrive {
  const windows = partsOf(drive, recipe.validate).flatMap((part, n) => {
    const sketch = sketchOf(part.drive, recipe.validate);
    return sketch === null ? [] : measure(sketch, recipe.validate, learned(drive, n));
  });
  return { drive, windows };
}

/** Measures how far honest driving goes: the same drives, recipe and seed give the same calibration, byte for byte. */
export function calibrate(drives: readonly Drive[], recipe: Recipe, seed: number, learned: LearnedChecks = () => []): Calibration {
  return calibrationOf(drives.map((drive) => measureDrive(drive, recipe, learned)), recipe, seed);
}

/** The calibration of drives that have been measured under this recipe; `simulated` are the tails on simulated ones. */
export function calibrationOf(drives: readonly MeasuredDrive[], recipe: Recipe, seed: number, simulated?: Readonly<Record<string, Tail>>): Calibration {
  const measured = drives.map(({ windows }) => windows);
  const windows = measured.flat();
  const checks: Record<string, Tail> = {};
  for (const name of [...CHECKS.map(({ name }) => name), LEARNED_CONSISTENCY]) {
    const tail = tailOf(windows.flatMap(({ measured }) => measured.filter(({ check }) => check.name === name).map(({ measurement }) => severity(measurement))));
    if (tail !== null) checks[name] = tail;
  }
  const tails: CheckTails = simulated === undefined ? { checks } : { checks, simulated };
  const surprises = windows.flatMap((window) => strongest({ checks }, chancesOf(tails, window)) ?? []);
  const window = tailOf(surprises);
  if (window === null) throw new RangeError('none of the drives has a window that could be checked');
  const base: Calibration = {
    recipe: recipe.version,
    seed,
    drives: drives.map(({ drive: { inputSha256 } }) => inputSha256).toSorted(),
    ...tails,
    window,
    windowWorth: 1,
  };
  return { ...base, windowWorth: worthOf(base, measured, { seed, drivingS: recipe.validate.flagStretchS }) };
}

function chancesOf(tails: CheckTails, { measured }: MeasuredWindow): readonly CheckChance[] {
  return measured.map(({ check: { name }, measurement }) => ({ name, chance: chanceOfCheck(tails, name, severity(measurement)) }));
}

/**
 * The worth at which pieces of honest drives score one half in the median, whatever their length: the middle of the
 * distribution decides, because the longest drives are few and one rare jump would carry a mean.
 */
function worthOf(calibration: Calibration, drives: readonly (readonly MeasuredWindow[])[], { seed, drivingS }: { seed: number; drivingS: number }): number {
  const random = mulberry32(seed);
  const pieces = CUT_WINDOWS.map((length) => drives.flatMap((windows) => (windows.length < length ? [] : cutsOf(windows, length, random).flatMap((piece) => pieceOf(calibration, piece, drivingS) ?? []))));
  const halfScore = (worth: number): number => {
    const medians = pieces.filter((of) => of.length > 0).map((of) => medianOf(of.map(({ chances, driving }) => driveScore(worth, chances, driving))));
    return medians.reduce((sum, value) => sum + value, 0) / medians.length;
  };
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    // More worth means more chances for an honest drive, so a lower score.
    if (halfScore(middle) > 0.5) low = middle;
    else high = middle;
  }
  return Math.round(high * 1e6) / 1e6;
}

function cutsOf(windows: readonly MeasuredWindow[], length: number, random: () => number): readonly (readonly MeasuredWindow[])[] {
  return Array.from({ length: CUTS_PER_LENGTH }, () => {
    const from = Math.floor(random() * (windows.length - length + 1));
    return windows.slice(from, from + length);
  });
}

/** A piece's chances and number of driving windows, or null where less than half of it is driven. */
function pieceOf(calibration: Calibration, piece: readonly MeasuredWindow[], drivingS: number): { chances: readonly number[]; driving: number } | null {
  const chances = piece.flatMap((window) => chanceOfWindow(calibration, chancesOf(calibration, window)) ?? []);
  const driving = piece.filter((window) => window.drivingS >= drivingS).length;
  return driving < piece.length / 2 || chances.length === 0 ? null : { chances, driving };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** A small seeded generator of uniform numbers in [0, 1) (Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

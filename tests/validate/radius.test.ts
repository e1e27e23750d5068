import { describe, expect, test } from 'vitest';
import { dragOff } from '../../fixtures/attacks/drag-off.ts';
import { wrongTurn } from '../../fixtures/attacks/wrong-turn.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { drift } from '../../validate/checks/drift.ts';
import { filterConsistency } from '../../validate/checks/filter-consistency.ts';
import { heading } from '../../validate/checks/heading.ts';
import { knownRadiusM } from '../../validate/filter/radius.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { teleported } from './attacks.ts';
import { CORNERS, amongHouses } from './canyon.ts';
import { madeDrive, photoFolder, ROUGH_ROAD, START_S } from './made-drive.ts';
import { worstOf } from './measured.ts';

function radiiOf(drive: Drive): Float64Array {
  return knownRadiusM(sketchOf(drive, RECIPE.validate)!);
}

/** Smallest and largest within seconds of a drive. */
function within(radiiM: Float64Array, fromS: number, toS: number): readonly [number, number] {
  const told = radiiM.slice(fromS, toS).filter(Number.isFinite);
  return [Math.min(...told), Math.max(...told)];
}

const unstated = { seconds: 300, haccM: () => null } as const;

describe('how well a place is known', () => {
  test('is what the receiver states, where it states it, however it wanders', () => {
    expect(within(radiiOf(amongHouses({ ...CORNERS, haccM: () => 4 })), 0, 400)).toEqual([4, 4]);
  });

  test('under an open sky a radius that is not stated is an ordinary one; of pictures it is larger', () => {
    const [, largestM] = within(radiiOf(madeDrive(unstated)), 0, 300);
    expect(largestM).toBeLessThan(8);
    expect(within(radiiOf(photoFolder(20, { apartM: 13, apartS: 2 })), 0, 38)).toEqual([15, 15]);
  });

  test('among houses it is as large as the receiver shows, and no larger than any states', () => {
    const radiiM = radiiOf(amongHouses(CORNERS));
    expect(within(radiiM, 170, 240)[0]).toBeGreaterThan(8);
    expect(within(radiiM, 0, 400)[1]).toBeLessThanOrEqual(20);
    expect(within(radiiM, 20, 130)[1]).toBeLessThan(8);
  });

  test.each([
    ['a leap', teleported(madeDrive(unstated), { atS: START_S + 150, metres: 300, onCourseDeg: 20 })],
    ['a slide', dragOff({ ...madeDrive(unstated), frames: [] }, { fromS: START_S + 100, speedMps: 3, bearingDeg: 160 })],
    ['another way at a corner', wrongTurn({ ...madeDrive({ ...CORNERS, haccM: () => null }), frames: [] }, { fromS: START_S + 200, turnDeg: 60 })],
  ])('%s does not widen what it is held against', (_, attacked) => {
    expect(within(radiiOf({ ...madeDrive(unstated), ...attacked }), 0, 300)[1]).toBeLessThan(8);
  });
});

describe('a dashcam that states no radius, among houses', () => {
  const drive = amongHouses({ ...CORNERS, imu: () => ROUGH_ROAD });

  test('is not held against its driver', () => {
    for (const check of [heading, drift, filterConsistency]) expect(worstOf(check, drive) ?? 0, check.name).toBeLessThan(1);
  });

  test('hides no other way at a corner', () => {
    expect(worstOf(heading, wrongTurn({ ...drive, frames: [] }, { fromS: START_S + 205, turnDeg: 80 }) as Drive)).toBeGreaterThan(1);
  });
});

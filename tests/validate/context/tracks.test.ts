import { describe, expect, test } from 'vitest';
import type { SimulatedDrive } from '../../../fixtures/drive.ts';
import { placeAt } from '../../../fixtures/plane.ts';
import { makeRandom } from '../../../fixtures/random.ts';
import type { ContextLine } from '../../../shared/model/context-verdict.ts';
import type { Drive, GnssFix } from '../../../shared/model/drive.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { placeOffset } from '../../../validate/context/place-offset.ts';
import { replayedTrack } from '../../../validate/context/replayed-track.ts';
import { realDrivesFolder, readRealDrives } from '../real-drives.ts';
import { asDrive, driven, inContext, retold, TODAY_S, wandering } from './streets.ts';

const RULES = RECIPE.validate.context;
const random = makeRandom(3, 'forger');

function replayOf(copy: SimulatedDrive, original: SimulatedDrive, contributor: string | null = 'anna'): ContextLine | undefined {
  return replayedTrack(asDrive(copy), [inContext(asDrive(original), contributor)], RULES)[0];
}

function moved(fix: GnssFix, eM: number, nM: number): GnssFix {
  return { ...fix, ...placeAt(fix, { eM, nM }) };
}

describe('an earlier track again', () => {
  const original = driven(wandering(1), { seed: 1 });
  const startS = original.gnss[0]!.tS;
  const tricks: Readonly<Record<string, (fix: GnssFix) => GnssFix>> = {
    'a day later': (fix) => ({ ...fix, tS: fix.tS + 86_400.4 }),
    'moved by 28 m': (fix) => moved({ ...fix, tS: fix.tS + 3600 }, 20, -20),
    'at nine tenths of its pace': (fix) => ({ ...fix, tS: startS + (fix.tS - startS) / 0.9 }),
    'with noise of its own': (fix) => moved({ ...fix, tS: fix.tS + 500 }, random.normal(0.5), random.normal(0.5)),
    'with all of these': (fix) => moved({ ...fix, tS: startS + 77 + (fix.tS - startS) * 1.2, speedMps: null, courseDeg: null }, 9 + random.normal(0.3), 12 + random.normal(0.3)),
  };

  test.each(Object.entries(tricks))('%s', (_, trick) => {
    const line = replayOf(retold(original, 'copy', trick), original)!;
    expect(line).toMatchObject({ check: 'replayed-track', reason: 'track_replayed', unit: 'm', bound: 'lower' });
    expect(line.measured).toBeLessThan(line.limit);
    const heldS = line.spans.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
    expect(heldS).toBeGreaterThan(0.6 * (original.gnss.at(-1)!.tS - startS));
  });

  test("one's own under other times has a reason of its own, and at the same time it is a second camera", () => {
    const later = retold(original, 'later', (fix) => ({ ...fix, tS: fix.tS + 86_400 }));
    expect(replayOf(later, original, null)).toMatchObject({ check: 'own-track', reason: 'own_drive_again', spans: [{}] });
    expect(replayOf(retold(original, 'rear camera', (fix) => fix), original, null)?.spans ?? []).toEqual([]);
  });
});

describe('the same road is no replay', () => {
  test.each([1, 2, 3])('convoy, bus line and commute along route %i', (seed) => {
    const route = wandering(100 + seed);
    const leader = driven(route, { seed: 10 * seed });
    const others = {
      convoy: driven(route, { seed: 10 * seed + 1, startAtS: TODAY_S + 3 }),
      bus: driven(route, { seed: 10 * seed + 2, startAtS: TODAY_S + 900, cruiseMps: 9 }),
      commute: driven(route, { seed: 10 * seed + 3, startAtS: TODAY_S - 86_400 }),
    };
    for (const [name, other] of Object.entries(others)) {
      const line = replayOf(other, leader);
      expect(line?.spans ?? [], name).toEqual([]);
      if (line !== undefined) expect(line.measured, name).toBeGreaterThan(1.5 * line.limit);
    }
  });
});

/** Eastwards at 12 m/s, so far north of the others. */
function straight(seed: number, north: number): Drive {
  return asDrive(retold(driven(wandering(1), { seed }), `straight-${seed}`, (fix) => ({ ...fix, ...placeAt({ latDeg: 48, lonDeg: 11 }, { eM: (fix.tS - TODAY_S) * 12, nM: north }) })));
}

describe('an offset from what others drove', () => {
  const route = wandering(31, 4000);
  const others = [2, 3].map((seed) => inContext(asDrive(driven(route, { seed: 300 + seed })), `contributor ${seed}`));
  const honest = driven(route, { seed: 301 });

  test.each([[15, 0], [0, -25], [30, 35]])('of %i m east and %i m north is found', (eM, nM) => {
    const [line] = placeOffset(asDrive(retold(honest, 'offset', (fix) => moved(fix, eM, nM))), others, RULES);
    expect(line).toMatchObject({ check: 'place-offset', reason: 'place_offset', unit: 'm' });
    expect(Math.abs(line!.measured - Math.hypot(eM, nM))).toBeLessThan(7);
    expect(line!.spans.length).toBeGreaterThan(0);
  });

  test('two contributors must see it: one alone may be off, and so may an antenna by 4 m', () => {
    const far = asDrive(retold(honest, 'far', (fix) => moved(fix, 30, 0)));
    expect(placeOffset(far, others.slice(0, 1), RULES)).toEqual([]);
    expect(placeOffset(far, [others[0]!, { ...others[1]!, contributor: others[0]!.contributor }], RULES)).toEqual([]);
    for (const [eM, nM] of [[0, 0], [3, -3]] as const) expect(placeOffset(asDrive(retold(honest, 'near', (fix) => moved(fix, eM, nM))), others, RULES).flatMap(({ spans }) => spans)).toEqual([]);
  });

  test('along a straight a parallel road is no offset', () => {
    expect(placeOffset(straight(401, 25), [straight(402, 0), straight(403, 0)].map((drive, n) => inContext(drive, `contributor ${n}`)), RULES)).toEqual([]);
  });
});

const folder = realDrivesFolder();

test.skipIf(folder === null)('real drives of the same streets, months apart and by several phones, are neither replays nor offset', () => {
  const drives = readRealDrives(folder!);
  const near = (a: (typeof drives)[number], b: (typeof drives)[number]) => a !== b && Math.abs(a.gnss[0]!.latDeg - b.gnss[0]!.latDeg) < 1 && Math.abs(a.gnss[0]!.lonDeg - b.gnss[0]!.lonDeg) < 2;
  let compared = 0;
  for (const drive of drives) {
    const others = drives.filter((other) => near(drive, other)).map((other) => inContext(other, other.name));
    for (const line of [...replayedTrack(drive, others, RULES), ...placeOffset(drive, others, RULES)]) {
      compared += 1;
      expect({ drive: drive.name, ...line, spans: line.spans.length }).toMatchObject({ spans: 0 });
    }
  }
  expect(compared).toBeGreaterThan(5);
}, 120_000);

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import { CALIBRATION } from '../../validate/calibration.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { judgeDrive } from '../../validate/judge.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { openNet } from '../../validate/net.ts';
import { printJudgement } from '../../validate/receipt.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { calibrationOf, type MeasuredDrive, measureDrive } from '../../validate/training/calibrate.ts';
import { readFolds } from '../scorecard/folds-file.ts';
import { cut, parked, teleported } from './attacks.ts';
import { judged } from './measured.ts';
import { readRealDrives, realDrivesFolder } from './real-drives.ts';

const folder = realDrivesFolder();
const drives = folder === null ? [] : readRealDrives(folder);
/** Positions by network with 25 m to 3 km, and a recording that begins indoors, 90 % gaps: hard, honest, hardly checkable. */
const HARD = ['phone-2023-08-04-network-provider', 'phone-2025-06-14_21-17-02'];
const FOLDS = 5;
const STOP_S = 20;
const driven = drives.filter(({ name }) => !HARD.includes(name));

/** Whole drives are judged and measured once: both are most of the work, and pure. */
const verdicts = new Map<Drive, DriveVerdict>();
const measurements = new Map<Drive, MeasuredDrive>();

function verdictOf(drive: Drive): DriveVerdict {
  const known = verdicts.get(drive) ?? judged(drive);
  verdicts.set(drive, known);
  return known;
}

function measuredOnce(drive: Drive): MeasuredDrive {
  const known = measurements.get(drive) ?? measureDrive(drive, RECIPE);
  measurements.set(drive, known);
  return known;
}

function named(name: string): Drive {
  return drives.find((drive) => drive.name === name)!;
}

/** The two recordings of 2023-08-04 are one journey. */
function journeyOf({ name }: Drive): string {
  return name.replace(/-(gps|network)-provider$/, '');
}

describe.skipIf(folder === null)('the honest drives of the data folder', () => {
  test('none is rejected or flagged; the network positions are unverified, the others are accepted', () => {
    const said = Object.fromEntries(drives.map((drive) => [drive.name, verdictOf(drive).verdict]));
    const expected = Object.fromEntries(drives.map(({ name }) => [name, 'accepted']));
    expect(said).toEqual({ ...expected, 'phone-2023-08-04-network-provider': 'unverified' });
  });

  test('nor is any with the net, neither the shipped one nor one that has not seen the journey; one more may go to a person', async () => {
    const more = new Set<string>();
    const shipped = await readModel(OWN_MODEL);
    const { folds } = readFolds(OWN_MODEL);
    const judges = [{ ...shipped, name: 'shipped', asked: drives }, ...folds.map(({ weights, unseen, limit, calibration }) => ({
      ...shipped, name: weights, limit, calibration, weights: new Uint8Array(readFileSync(join(dirname(OWN_MODEL), weights))), asked: drives.filter(({ inputSha256 }) => unseen.includes(inputSha256)),
    }))];
    for (const { name, asked, ...model } of judges) {
      const net = await openNet(model, { choice: 'cpu' });
      for (const drive of asked) {
        const { verdict } = await judgeWithNet(net, drive, RECIPE);
        if (verdict === verdictOf(drive).verdict) continue;
        expect([verdict, name], drive.name).toEqual(['flagged', expect.stringContaining('fold')]);
        more.add(drive.name);
      }
      await net.close();
    }
    // A phone that is carried about as its drive begins, unlike any in the other journeys.
    expect([...more]).toEqual(['phone-2025-07-18_23-13-43']);
  });

  test('a calibration that has not seen the journey says the same', () => {
    const journeys = [...new Set(drives.map(journeyOf))];
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const held = drives.filter((drive) => journeys.indexOf(journeyOf(drive)) % FOLDS === fold);
      const calibration = calibrationOf(drives.filter((drive) => !held.includes(drive)).map(measuredOnce), RECIPE, CALIBRATION.seed);
      for (const drive of held) expect(judgeDrive(drive, { recipe: RECIPE, calibration }, RULES_ALONE).verdict, drive.name).toBe(verdictOf(drive).verdict);
    }
  });

  test('those with a motion sensor over most of the way are tier B', () => {
    const tierB = drives.filter((drive) => verdictOf(drive).tier === 'B').map(({ name }) => name);
    const withSensor = drives.filter(({ imu }) => imu !== null).map(({ name }) => name);
    // A third of 2025-06-11 has motion samples, and 2025-06-14 hardly any positions.
    expect(tierB).toEqual(withSensor.filter((name) => !['phone-2025-06-11_20-34-24', 'phone-2025-06-14_21-17-02'].includes(name)));
  });

  test('the committed calibration is the one that these drives make', () => {
    expect(calibrationOf(drives.map(measuredOnce), RECIPE, CALIBRATION.seed)).toEqual(CALIBRATION);
  });

  test('a drive is judged within the time of a job', () => {
    const longest = drives.reduce((a, b) => (a.gnss.length > b.gnss.length ? a : b));
    const began = performance.now();
    judged(longest);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('the judgement of a minute of San Francisco', async () => {
    await expect(`${printJudgement(judged(named('comma2k19-example')))}\n`).toMatchFileSnapshot('snapshots/comma2k19-example.json');
  });

  test.each([[3, 0.12], [10, 0.15], [30, 0.25], [90, 0.45]])('cut to %d minutes they have one distribution of scores: uniform, within %d', (minutes, within) => {
    const scores = driven.flatMap((drive) => pieces(drive, minutes * 60)).map(judged).filter(({ verdict }) => verdict !== 'unverified').map(({ score }) => score).toSorted((a, b) => a - b);
    // The Kolmogorov-Smirnov distance from uniform; its 95 % bound for n independent pieces is 1.36/√n.
    const distance = Math.max(...scores.map((score, n) => Math.max((n + 1) / scores.length - score, score - n / scores.length)));
    expect(distance, `${scores.length} pieces`).toBeLessThan(within);
  });
});

describe.skipIf(folder === null)('attacks on them', () => {
  test('teleports of 50 to 500 m are flagged, whatever the drive, the time and the direction', () => {
    const random = makeRandom(20_260_101, 'teleports');
    let flagged = 0;
    const missed: string[] = [];
    for (const drive of driven) {
      for (let n = 0; n < 12; n += 1) {
        const fix = drive.gnss[30 + random.below(drive.gnss.length - 60)]!;
        const metres = random.uniform(50, 500);
        const around = cut(drive, fix.tS - 160, fix.tS + 160);
        if (around.gnss.length < 200 && around.gnss.length < drive.gnss.length) continue;
        const verdict = judged(teleported(around, { atS: fix.tS, metres, onCourseDeg: random.uniform(0, 360) })).verdict;
        if (verdict === 'flagged' || verdict === 'rejected') flagged += 1;
        else missed.push(`${drive.name} at ${fix.tS}: ${metres.toFixed(0)} m, ${verdict}`);
      }
    }
    console.warn(`teleports flagged: ${flagged} of ${flagged + missed.length}${missed.map((line) => `\n  missed: ${line}`).join('')}`);
    expect(flagged / (flagged + missed.length)).toBeGreaterThan(0.97);
  });

  test('a sensor parked under a driving track is flagged', () => {
    const rested = drives.flatMap((drive) => {
      const still = stillestStop(drive);
      return still === null ? [] : [{ drive, still }];
    });
    const missed = rested.filter(({ drive, still }) => judged(parked(drive, drive.gnss[0]!.tS, still)).verdict === 'accepted').map(({ drive }) => drive.name);
    console.warn(`parked sensors flagged: ${rested.length - missed.length} of ${rested.length}${missed.map((name) => `\n  missed: ${name}`).join('')}`);
    expect(rested.length).toBeGreaterThan(8);
    expect(missed).toEqual([]);
  });
});

function pieces(drive: Drive, lengthS: number): readonly Drive[] {
  const [fromS, toS] = [drive.gnss[0]!.tS, drive.gnss.at(-1)!.tS];
  // A drive of 85 minutes counts as one of 90.
  const count = Math.floor((toS - fromS) / lengthS + (lengthS > 5000 ? 0.1 : 0));
  return Array.from({ length: count }, (_, n) => cut(drive, fromS + n * lengthS, fromS + (n + 1) * lengthS));
}

/** The samples of the stop of 20 s in which the drive's own sensor shook least, or null where it never stands so long. */
function stillestStop(drive: Drive): { from: number; to: number } | null {
  const sketch = sketchOf(drive, RECIPE.validate);
  if (sketch === null || sketch.imu === null) return null;
  const { vibrationMps2 } = sketch.imu;
  let best = { atS: -1, mean: Infinity };
  for (let k = 0; k + STOP_S < vibrationMps2.length; k += 1) {
    if (sketch.reportedMps.slice(k, k + STOP_S).some((speed) => !(speed < 0.2))) continue;
    const mean = vibrationMps2.slice(k, k + STOP_S).reduce((sum, value) => sum + value, 0) / STOP_S;
    if (mean < best.mean) best = { atS: k, mean };
  }
  if (best.atS < 0) return null;
  const sampleAt = (atS: number): number => drive.imu!.tS.findIndex((tS) => tS >= sketch.startS + atS);
  return { from: sampleAt(best.atS), to: sampleAt(best.atS + STOP_S) };
}

import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CALIBRATION } from '../../validate/calibration.ts';
import { OWN_MODEL } from '../../validate/model-file.ts';
import { journeyName } from '../training/journeys.ts';
import { readRealDrives, realDrivesFolder } from '../validate/real-drives.ts';
import { shippedJudge } from './fold-judge.ts';
import { type FoldEntry, readFolds, weightsPath } from './folds-file.ts';
import { assertUnseen, foldOf, known, learnedBy } from './unseen.ts';

const file = readFolds(OWN_MODEL);
const entries = [...file.folds, ...file.leftOut, ...file.devices];
const drive = (hash: string): { readonly name: string; readonly inputSha256: never } => ({ name: hash.slice(0, 8), inputSha256: hash as never });

describe('what is committed', () => {
  test('each drive is unseen by exactly one fold, and the folds know the drives of the calibration', () => {
    const all = file.folds.flatMap(({ unseen }) => unseen);
    expect(new Set(all).size).toBe(all.length);
    expect(all.toSorted()).toEqual(CALIBRATION.drives.toSorted());
  });

  test('weights of every entry are there, and its calibration was made without the drives that it has not seen', () => {
    for (const entry of entries) {
      expect(existsSync(weightsPath(file, entry)), entry.weights).toBe(true);
      expect(entry.unseen.filter((hash) => entry.calibration?.drives.includes(hash) === true), entry.weights).toEqual([]);
    }
  });

  test('what an entry has not seen it may score, everything else known it must not', () => {
    for (const entry of entries) {
      const learned = learnedBy(entry, file.folds);
      for (const hash of known(file.folds)) {
        if (entry.unseen.includes(hash)) assertUnseen(learned, drive(hash));
        else expect(() => assertUnseen(learned, drive(hash))).toThrow('has learned from');
      }
    }
  });

  test('the shipped judge scores no drive that any fold knows', async () => {
    const judge = await shippedJudge();
    const [hash] = known(file.folds);
    await expect(judge.judge({ ...drive(hash!), device: { make: null, model: null, serial: null }, gnss: [], imu: null, frames: [], refusedRows: [] })).rejects.toThrow('has learned from');
    await judge.close();
  });
});

function entry(weights: string, unseen: string): FoldEntry {
  return { weights, unseen: [unseen], limit: 1, calibration: { ...CALIBRATION, drives: [] } };
}

test('a calibration that saw a drive which its weights did not is an overlap', () => {
  const [one, other] = [entry('a', 'x'), entry('b', 'y')];
  expect(() => assertUnseen(learnedBy(one, [one, other]), drive('x'))).not.toThrow();
  expect(() => assertUnseen(learnedBy({ ...one, calibration: { ...CALIBRATION, drives: ['x', 'y'] } }, [one, other]), drive('x'))).toThrow('a has learned from x');
});

test('a drive that no fold knows has no fold', () => {
  const folds = [entry('a', 'x'), entry('b', 'y')];
  expect([foldOf(folds, drive('y')), foldOf(folds, drive('z'))]).toEqual([1, null]);
});

const folder = realDrivesFolder();
test.skipIf(folder === null)('recordings of one journey share a fold, and every real drive has one', () => {
  const folds = new Map<string, Set<number | null>>();
  for (const { name, inputSha256 } of readRealDrives(folder!)) {
    const journey = journeyName(name);
    folds.set(journey, (folds.get(journey) ?? new Set()).add(foldOf(file.folds, { inputSha256 })));
  }
  for (const [journey, of] of folds) expect([...of], journey).toEqual([expect.any(Number)]);
});

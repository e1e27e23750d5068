import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RECIPE } from '../../shared/model/recipe.ts';
import { chanceOfCheck } from '../../validate/calibrate.ts';
import { LEARNED_CONSISTENCY } from '../../validate/checks/learned-consistency.ts';
import { channelNames, OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { journeyName } from '../training/journeys.ts';
import { readRealDrives, realDrivesFolder } from './real-drives.ts';

interface Weights {
  weights: string;
  sha256: string;
  unseen: string[];
}

const FOLDER = fileURLToPath(new URL('../../validate/model/', import.meta.url));
const card = readFileSync(`${FOLDER}CARD.md`, 'utf8');
const meaning = JSON.parse(readFileSync(`${FOLDER}consistency.json`, 'utf8')) as { channels: string[]; folds: Weights[]; leftOut: (Weights & { attack: string })[] };
const trials = [...meaning.folds, ...meaning.leftOut];
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(`${FOLDER}${file}`)).digest('hex');

test('the card names the committed files by their hashes', () => {
  const named = [...card.matchAll(/^\| `([a-z0-9/.-]+)` \| `([0-9a-f]{64})` \|$/gm)].map(([, file, hash]) => [file!, hash!] as const);
  expect(named.length).toBe(2 + trials.length);
  for (const [file, hash] of named) expect(sha256(file), file).toBe(hash);
  for (const { weights, sha256: hash } of trials) expect(sha256(weights)).toBe(hash);
});

test('weights are small enough to commit', () => {
  for (const file of ['consistency.onnx', ...trials.map(({ weights }) => weights)]) expect(statSync(`${FOLDER}${file}`).size, file).toBeLessThan(1_000_000);
});

test('the net was trained on the channels that the sketch gives', () => {
  expect(meaning.channels).toEqual(channelNames());
});

test('the hash of a model is of the weights and of what they mean', async () => {
  const { sha256: hash } = await readModel(OWN_MODEL);
  expect(hash).toBe(createHash('sha256').update(`${sha256('consistency.onnx')}  weights.onnx\n${sha256('consistency.json')}  weights.json\n`).digest('hex'));
});

test('at its limit the net is rare enough to flag', async () => {
  const { calibration, limit } = await readModel(OWN_MODEL);
  expect(calibration.recipe).toBe(RECIPE.version);
  expect(limit).toBeGreaterThan(0);
  expect(1 - chanceOfCheck(calibration, LEARNED_CONSISTENCY, 1)).toBeGreaterThanOrEqual(RECIPE.validate.flagScore);
});

test('every drive is unseen by one fold, and recordings of one journey by the same', () => {
  const unseen = meaning.folds.flatMap(({ unseen }) => unseen);
  expect(new Set(unseen).size).toBe(unseen.length);
  const folder = realDrivesFolder();
  if (folder === null) return;
  const drives = readRealDrives(folder);
  expect(unseen.toSorted()).toEqual(drives.map(({ inputSha256 }) => inputSha256).toSorted());
  const foldOf = (hash: string): number => meaning.folds.findIndex((fold) => fold.unseen.includes(hash));
  for (const one of drives) {
    const folds = drives.filter(({ name }) => journeyName(name) === journeyName(one.name)).map(({ inputSha256 }) => foldOf(inputSha256));
    expect(new Set(folds).size, one.name).toBe(1);
  }
});

import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { type Calibration, type Tail, tailOf } from '../../validate/calibrate.ts';
import { CALIBRATION } from '../../validate/calibration.ts';
import { LEARNED_CONSISTENCY, learnedConsistency } from '../../validate/checks/learned-consistency.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { nats, netOdds } from '../../validate/judge-with-net.ts';
import { judgeDrive, sketchDrive } from '../../validate/judge.ts';
import { channelNames } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import { calibrationOf, type LearnedChecks, measureDrive } from '../../validate/training/calibrate.ts';
import { type CardInput, cardOf } from './card.ts';
import { differenceFromTorch } from './parity.ts';
import type { Scored } from './figures.ts';
import { FOLDS, type Journey, realJourneys } from './journeys.ts';
import { type Row, STEPS_IN_ONE } from './run-export.ts';

const MODEL = fileURLToPath(new URL('../../validate/model/', import.meta.url));
const BATCH = 64;
/** At its limit the net speaks against one honest window in so many. */
const HONEST_WINDOWS_TO_THE_LIMIT = 1000;

/** What the exporter wrote beside the windows. */
interface TrainingSet {
  readonly channels: readonly string[];
  readonly seed: number;
  readonly journeys: readonly { readonly name: string; readonly source: Journey['source']; readonly fold: number; readonly inputSha256: Sha256 }[];
  readonly rows: readonly Row[];
}

/**
 * `tsx tests/training/run-seal.ts SET DRIVES`: what the fold nets say of journeys they have not seen becomes the
 * calibration, the limit and the card of the shipped net. Called by `validate/training/train.py`.
 */
async function run(folder: string, drivesFolder: string): Promise<void> {
  const set = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as TrainingSet;
  const inputs = openSync(join(folder, 'windows.i16'), 'r');
  const isMeasured = set.rows.map(({ use }) => use === 'measure');
  const journeys = realJourneys(drivesFolder);
  const odds = new Float64Array(set.rows.length);
  const parts = new Map<Drive, readonly (readonly (number | null)[])[]>();
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const net = await openFile(`folds/fold-${fold}.onnx`);
    await askAll(net, inputs, set.rows.flatMap(({ journey }, n) => (isMeasured[n]! && set.journeys[journey]!.fold === fold ? [n] : [])), odds);
    for (const { drive } of journeys.filter((journey) => journey.fold === fold)) parts.set(drive, await partsOdds(net, drive));
    await net.close();
  }
  const shipped = await openFile('consistency.onnx');
  const parity = await differenceFromTorch(shipped);
  await shipped.close();
  closeSync(inputs);
  // In nats: whatever the limit is, the same windows are rarer than others.
  const checks: LearnedChecks = (drive, part) => [learnedConsistency(parts.get(drive)![part] ?? [], 1)];
  const measured = journeys.map(({ drive, fold }) => ({ fold, measured: measureDrive(drive, RECIPE, checks) }));
  const simulated = simulatedTails(set, odds);
  const without = (folds: readonly number[]): Learned => {
    const seen = measured.filter(({ fold }) => !folds.includes(fold)).map(({ measured }) => measured);
    const limit = limitOf(seen.map(({ drive }) => drive), parts);
    return { limit, calibration: withLimit(calibrationOf(seen, RECIPE, CALIBRATION.seed, simulated), limit) };
  };
  const { limit, calibration } = without([]);
  const withoutFold = Array.from({ length: FOLDS }, (_, fold) => without([fold]));
  const folds = foldsOf(set).map((fold, n) => ({ ...fold, ...withoutFold[n]! }));
  const leftOut = leftOutOf(set).map(({ folds, ...entry }) => ({ ...entry, ...without(folds) }));
  writeFileSync(join(MODEL, 'consistency.json'), `${JSON.stringify({ format: 'wayproof-net/1', channels: channelNames(), seconds: NET_SECONDS, limit, calibration, folds, leftOut })}\n`);
  const byName = new Map(journeys.map((journey) => [journey.drive.name, journey]));
  const scored = set.rows.flatMap((row, n): readonly Scored[] => {
    if (!isMeasured[n]) return [];
    const { name, source, fold, inputSha256 } = set.journeys[row.journey]!;
    const journey = byName.get(name) ?? { source, fold, drive: { ...journeys[0]!.drive, name, inputSha256 } };
    return [{ ...row, journey, odds: nats(odds[n]!) }];
  });
  writeFileSync(join(MODEL, 'CARD.md'), cardOf({ scored, journeys, simulated: set.journeys.filter(({ source }) => source === 'simulated').length, parts, limit, learned: withoutFold, parity, seed: set.seed, date: new Date().toISOString().slice(0, 10), hashes: hashes(), unseen: unseenFigures() }));
  process.stderr.write(`sealed: limit ${limit} nat, ONNX against torch ${parity.toExponential(1)}\n`);
}

/** What honest windows make of a net's odds. */
interface Learned {
  readonly limit: number;
  readonly calibration: Calibration;
}

/** Severities of honest windows of simulated drives, each net's answers of journeys that it has not seen, in nats. */
function simulatedTails({ rows, journeys }: TrainingSet, odds: Float64Array): Readonly<Record<string, Tail>> {
  const severities = new Map<string, number[]>();
  for (const [n, row] of rows.entries()) {
    if (row.use !== 'measure' || row.kind !== 'honest' || journeys[row.journey]!.source !== 'simulated') continue;
    for (const [name, severity] of Object.entries({ ...row.severities, [LEARNED_CONSISTENCY]: nats(odds[n]!) })) severities.set(name, [...(severities.get(name) ?? []), severity]);
  }
  return Object.fromEntries([...severities].map(([name, values]) => [name, tailOf(values)!]));
}

/** The calibration for odds in limits instead of nats. */
function withLimit(calibration: Calibration, limit: number): Calibration {
  const scaled = (tails: Readonly<Record<string, Tail>>): Readonly<Record<string, Tail>> => {
    const tail = tails[LEARNED_CONSISTENCY];
    return tail === undefined ? tails : { ...tails, [LEARNED_CONSISTENCY]: { ...tail, points: tail.points.map(([share, value]) => [share, value / limit] as const), scale: tail.scale / limit } };
  };
  return { ...calibration, checks: scaled(calibration.checks), ...(calibration.simulated === undefined ? {} : { simulated: scaled(calibration.simulated) }) };
}

async function openFile(name: string): Promise<Net> {
  const weights = new Uint8Array(readFileSync(join(MODEL, name)));
  return await openNet({ weights, sha256: '' as Sha256, limit: 1, calibration: CALIBRATION }, { choice: 'cpu' });
}

async function askAll(net: Net, inputs: number, rows: readonly number[], into: Float64Array): Promise<void> {
  const size = NET_CHANNELS * NET_SECONDS;
  for (let from = 0; from < rows.length; from += BATCH) {
    const some = rows.slice(from, from + BATCH);
    const batch = new Float32Array(some.length * size);
    for (const [n, row] of some.entries()) batch.set(inputOf(inputs, row), n * size);
    for (const [n, value] of (await net.ask(batch, some.length)).entries()) into[some[n]!] = value;
  }
}

/** A window of the exported set; the file as a whole is larger than memory should be. */
function inputOf(file: number, row: number): Float32Array {
  const steps = new Int16Array(NET_CHANNELS * NET_SECONDS);
  readSync(file, new Uint8Array(steps.buffer), 0, steps.byteLength, row * steps.byteLength);
  return Float32Array.from(steps, (value) => value / STEPS_IN_ONE);
}

async function partsOdds(net: Net, drive: Drive): Promise<readonly (readonly (number | null)[])[]> {
  const parts: (readonly (number | null)[])[] = [];
  for (const { sketch } of sketchDrive(drive, RECIPE).sketched) parts.push(sketch === null ? [] : await netOdds(net, sketch, RECIPE.validate));
  return parts;
}

/**
 * Among windows that the rules have nothing against: one that they flag goes to a person anyway, and must not make the
 * net deaf. Leaving out whole drives that they flag was tried: 13.8 nat for 17.5, and an honest drive more was flagged.
 */
function limitOf(drives: readonly Drive[], parts: ReadonlyMap<Drive, readonly (readonly (number | null)[])[]>): number {
  const unflagged = drives.flatMap((drive) => {
    const odds = parts.get(drive)!.flat();
    return judgeDrive(drive, { recipe: RECIPE, calibration: CALIBRATION }, RULES_ALONE).windows.flatMap(({ verdict }, n) => (verdict === 'flagged' ? [] : (odds[n] ?? [])));
  });
  return Math.ceil(valueAt(tailOf(unflagged)!, 1 / HONEST_WINDOWS_TO_THE_LIMIT) * 10) / 10;
}

/** Where the tail has fallen to a chance below its last point. */
function valueAt({ points, scale }: Calibration['window'], chance: number): number {
  const [share, last] = points.at(-1)!;
  return last + scale * Math.log(share / chance);
}

/** Which drives each fold's weights have not seen, by the hash of their files. */
function foldsOf({ journeys }: TrainingSet): readonly { readonly weights: string; readonly sha256: string; readonly unseen: readonly string[] }[] {
  return Array.from({ length: FOLDS }, (_, fold) => ({
    weights: `folds/fold-${fold}.onnx`,
    sha256: sha256Of(join(MODEL, 'folds', `fold-${fold}.onnx`)),
    unseen: journeys.filter((journey) => journey.source === 'real' && journey.fold === fold).map(({ inputSha256 }) => inputSha256).toSorted(),
  }));
}

/** Weights that never learned of an attack, for the scorecard. */
function leftOutOf({ journeys }: TrainingSet): readonly { readonly attack: string; readonly folds: readonly number[]; readonly weights: string; readonly sha256: string; readonly unseen: readonly string[] }[] {
  return Object.entries(unseenFigures()).map(([attack, { weights, folds }]) => ({
    attack, folds, weights, sha256: sha256Of(join(MODEL, weights)),
    unseen: journeys.filter(({ source, fold }) => source === 'real' && folds.includes(fold)).map(({ inputSha256 }) => inputSha256).toSorted(),
  }));
}

function unseenFigures(): CardInput['unseen'] {
  const file = join(MODEL, 'unseen.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as CardInput['unseen'] : {};
}

function hashes(): Readonly<Record<string, string>> {
  return Object.fromEntries(['consistency.onnx', 'consistency.json', ...Array.from({ length: FOLDS }, (_, fold) => `folds/fold-${fold}.onnx`), ...Object.values(unseenFigures()).map(({ weights }) => weights)].map((name) => [name, sha256Of(join(MODEL, name))]));
}

function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? '.', process.argv[3] ?? `${process.env['WAYPROOF_DATA'] ?? '.'}/drives`);

import { readFileSync } from 'node:fs';
import type { Drive } from '../../shared/model/drive.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import { type Calibration, tailOf } from '../../validate/calibrate.ts';
import { CALIBRATION } from '../../validate/calibration.ts';
import { LEARNED_CONSISTENCY, learnedConsistency } from '../../validate/checks/learned-consistency.ts';
import { judgeDrive, sketchDrive } from '../../validate/judge.ts';
import { judgeWithNet, netOdds } from '../../validate/judge-with-net.ts';
import { type Model, OWN_MODEL, readModel } from '../../validate/model-file.ts';
import type { Net } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import { openSession } from '../../validate/onnx.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { calibrate } from '../../validate/training/calibrate.ts';
import { type FoldEntry, type FoldsFile, readFolds, weightsPath } from './folds-file.ts';
import { assertUnseen, foldOf, type Learned, learnedBy } from './unseen.ts';

/** The real judge with weights, limit and calibration that have not seen what it is asked about. */
export interface FoldJudge {
  readonly calibration: Calibration;
  /** Throws for a drive that it has learned from. */
  judge(drive: Drive): Promise<DriveVerdict>;
  close(): Promise<void>;
}

type Odds = readonly (readonly (number | null)[])[];

/** At its limit the net speaks against one honest window in so many (as the shipped limit is set). */
const HONEST_WINDOWS_TO_THE_LIMIT = 1000;

/** The shipped judge, for drives that nothing has learned from. */
export async function shippedJudge(): Promise<FoldJudge> {
  const model = await readModel(OWN_MODEL);
  const { folds } = readFolds(OWN_MODEL);
  return judgeOf(await openNet(model), { name: 'consistency.onnx', seen: new Set([...folds.flatMap(({ unseen }) => unseen), ...model.calibration.drives]) });
}

/**
 * The judge of an entry. Where its limit and calibration are not committed they are made from those of `drives` that
 * it may learn from, each heard by the net that has not seen it.
 */
export async function openFoldJudge(file: FoldsFile, entry: FoldEntry, drives: readonly Drive[]): Promise<FoldJudge> {
  const weights = new Uint8Array(readFileSync(weightsPath(file, entry)));
  const learned = learnedBy(entry, file.folds);
  const { limit, calibration } = entry.limit !== undefined && entry.calibration !== undefined
    ? { limit: entry.limit, calibration: entry.calibration }
    : await learnAgain(file, drives.filter(({ inputSha256 }) => learned.seen.has(inputSha256)));
  return judgeOf(await openNet({ weights, sha256: '' as Sha256, limit, calibration }), { ...learned, seen: new Set([...learned.seen, ...calibration.drives]) });
}

function judgeOf(net: Net, learned: Learned): FoldJudge {
  return {
    calibration: net.model.calibration,
    judge: async (drive) => {
      assertUnseen(learned, drive);
      return await judgeWithNet(net, drive, RECIPE);
    },
    close: () => net.close(),
  };
}

/** The net in the thread that asks: a scorecard's workers are threads already. */
async function openNet(model: Model): Promise<Net> {
  const session = await openSession({ weights: model.weights, choice: 'cpu', shape: [NET_CHANNELS, NET_SECONDS] });
  return { model, provider: session.provider, ask: (input, windows) => session.run(input, windows), close: () => session.close() };
}

async function learnAgain(file: FoldsFile, drives: readonly Drive[]): Promise<{ readonly limit: number; readonly calibration: Calibration }> {
  if (drives.length === 0) throw new Error('there is no drive to calibrate on: name a folder with all drives of the training set, or score drives that are not in it');
  const odds = new Map<Drive, Odds>();
  for (const drive of drives) odds.set(drive, await oddsOf(file, drive));
  // Once, in nats: whatever the limit, the same honest windows are rarer than others.
  const inNats = calibrate(drives, RECIPE, CALIBRATION.seed, (drive, part) => [learnedConsistency(odds.get(drive)![part] ?? [], 1)]);
  const limit = limitOf(drives, odds, inNats);
  const tail = inNats.checks[LEARNED_CONSISTENCY];
  if (tail === undefined) return { limit, calibration: inNats };
  const scaled = { ...tail, points: tail.points.map(([share, nats]) => [share, nats / limit] as const), scale: tail.scale / limit };
  return { limit, calibration: { ...inNats, checks: { ...inNats.checks, [LEARNED_CONSISTENCY]: scaled } } };
}

const heard = new Map<string, Odds>();

/** A drive's odds by the fold net that has not seen it, kept: each of the other folds asks for them. */
async function oddsOf(file: FoldsFile, drive: Drive): Promise<Odds> {
  const before = heard.get(drive.inputSha256);
  if (before !== undefined) return before;
  const fold = foldOf(file.folds, drive);
  const net = await openNet({ weights: new Uint8Array(readFileSync(weightsPath(file, file.folds[fold!]!))), sha256: '' as Sha256, limit: 1, calibration: CALIBRATION });
  const parts: (readonly (number | null)[])[] = [];
  for (const { sketch } of sketchDrive(drive, RECIPE).sketched) parts.push(sketch === null ? [] : await netOdds(net, sketch, RECIPE.validate));
  await net.close();
  heard.set(drive.inputSha256, parts);
  return parts;
}

/** As the shipped limit is set, among windows that the rules have nothing against; without the drives of the fold. */
function limitOf(drives: readonly Drive[], odds: ReadonlyMap<Drive, Odds>, calibration: Calibration): number {
  const unflagged = drives.flatMap((drive) => {
    const all = odds.get(drive)!.flat();
    return judgeDrive(drive, { recipe: RECIPE, calibration }, RULES_ALONE).windows.flatMap(({ verdict }, n) => (verdict === 'flagged' ? [] : (all[n] ?? [])));
  });
  const { points, scale } = tailOf(unflagged)!;
  const [share, last] = points.at(-1)!;
  return Math.ceil((last + scale * Math.log(share * HONEST_WINDOWS_TO_THE_LIMIT)) * 10) / 10;
}

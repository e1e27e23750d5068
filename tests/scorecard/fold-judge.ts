import { readFileSync } from 'node:fs';
import type { Drive } from '../../shared/model/drive.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import type { Calibration } from '../../validate/calibrate.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import { type Model, OWN_MODEL, readModel } from '../../validate/model-file.ts';
import type { Net } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import { openSession } from '../../validate/onnx.ts';
import { type FoldEntry, type FoldsFile, readFolds, weightsPath } from './folds-file.ts';
import { assertUnseen, type Learned, learnedBy } from './unseen.ts';

/** The real judge with weights, limit and calibration that have not seen what it is asked about. */
export interface FoldJudge {
  readonly calibration: Calibration;
  /** Throws for a drive that it has learned from. */
  judge(drive: Drive): Promise<DriveVerdict>;
  close(): Promise<void>;
}

/** The shipped judge, for drives that nothing has learned from. */
export async function shippedJudge(): Promise<FoldJudge> {
  const model = await readModel(OWN_MODEL);
  const { folds } = readFolds(OWN_MODEL);
  return judgeOf(await openNet(model), { name: 'consistency.onnx', seen: new Set([...folds.flatMap(({ unseen }) => unseen), ...model.calibration.drives]) });
}

/** The judge of an entry: weights, limit and calibration were made without the drives that it has not seen. */
export async function openFoldJudge(file: FoldsFile, entry: FoldEntry): Promise<FoldJudge> {
  const weights = new Uint8Array(readFileSync(weightsPath(file, entry)));
  const learned = learnedBy(entry, file.folds);
  const { limit, calibration } = entry;
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

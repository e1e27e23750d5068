import { SCENARIOS } from '../../fixtures/scenarios/all.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { asRecorded } from '../simulated-drive.ts';
import { greyOf } from '../training/camera-scenes.ts';
import type { FoldJudge } from './fold-judge.ts';
import { honestDrive } from './honest.ts';
import type { Measured } from './measure.ts';
import { scoreDrive } from './score-windows.ts';

/** The honest look-alikes of threats.md as whole drives under the shipped recipe; those that are filmed, with their pictures. */
export async function measureLookAlikes(judge: FoldJudge, seeds: readonly number[], done: () => void): Promise<Measured> {
  const honest: Measured['honest'][number][] = [];
  for (const { drives } of SCENARIOS) {
    for (const seed of seeds) for (const made of drives(seed)) honest.push(honestDrive(await scoreDrive(judge, withPictures(made)), 'simulated'));
    done();
  }
  return { decisions: [], honest };
}

function withPictures(made: Parameters<typeof asRecorded>[0]): Drive {
  const drive = asRecorded(made);
  return { ...drive, frames: drive.frames.map((frame, n) => ({ ...frame, grey: greyOf(made.frames[n]!.render()) })) };
}

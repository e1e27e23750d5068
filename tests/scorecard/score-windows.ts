import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import type { Window } from '../../validate/checks/check.ts';
import { type SketchedPart, sketchDrive } from '../../validate/judge.ts';
import { windowsOf } from '../../validate/windows.ts';
import { ABLATIONS, ablated } from './ablation.ts';
import { EKF_TUNINGS, ekfOf } from './baselines/ekf.ts';
import { featuresOf } from './baselines/features.ts';
import { thresholdsOf } from './baselines/thresholds.ts';
import type { ScoredWindow } from './decision.ts';
import type { FoldJudge } from './fold-judge.ts';

/** A drive as the real judge sees it, and each window as everybody sees it. */
export interface ScoredDrive {
  readonly verdict: DriveVerdict;
  readonly parts: readonly ScoredPart[];
}

export interface ScoredPart {
  readonly part: SketchedPart;
  readonly windows: readonly ScoredWindow[];
}

/** Baselines stand under these names beside the ablations. */
export const ekfName = (tuning: number): string => `ekf-${tuning}`;

export async function scoreDrive(judge: FoldJudge, drive: Drive): Promise<ScoredDrive> {
  const verdict = await judge.judge(drive);
  let next = 0;
  const parts = sketchDrive(drive, RECIPE).sketched.flatMap((part): ScoredPart[] => {
    if (part.sketch === null) return [];
    const { startS } = part.sketch;
    const says = outsiders(part.sketch);
    const grid = windowsOf(part.sketch, RECIPE.validate);
    const said = verdict.windows.slice(next, next + grid.length);
    next += grid.length;
    return [{
      part,
      windows: said.map((window, n): ScoredWindow => {
        const { others, features } = says(grid[n]!);
        const ablations = Object.fromEntries(Object.entries(ABLATIONS).map(([name, benches]) => [name, ablated(window, judge.calibration, benches)]));
        return { fromS: startS + grid[n]!.fromS, toS: startS + grid[n]!.toS, score: window.score, verdict: window.verdict, isChecked: Object.keys(window.checks).length > 0, others: { ...ablations, ...others }, features };
      }),
    }];
  });
  if (next !== verdict.windows.length) throw new Error(`${drive.name}: the judge speaks of ${verdict.windows.length} windows, its sketch holds ${next}`);
  return { verdict, parts };
}

function outsiders(sketch: NonNullable<SketchedPart['sketch']>): (window: Window) => Pick<ScoredWindow, 'others' | 'features'> {
  const thresholds = thresholdsOf(sketch);
  const filters = EKF_TUNINGS.map((tuning) => ekfOf(sketch, tuning));
  const classical = featuresOf(sketch);
  return (window) => {
    const innovations = filters.map((filter) => filter(window));
    const limit = thresholds(window);
    return {
      others: { thresholds: limit, ...Object.fromEntries(innovations.map((sums, n) => [ekfName(n), Math.max(...sums)])) },
      features: [Math.log1p(limit), ...innovations[0]!.map((sum) => Math.log1p(Math.max(0, sum))), ...classical(window)],
    };
  };
}

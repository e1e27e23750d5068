import type { ContextVerdict } from '../../shared/model/context-verdict.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import { impossibleClock, light } from './clock.ts';
import { combine } from './combine.ts';
import { type Context, contextSha256 } from './context-drive.ts';
import type { ContextFinding } from './finding.ts';
import { placeOffset } from './place-offset.ts';
import { replayedTrack } from './replayed-track.ts';
import { copiedImagery, heldImagery } from './same-imagery.ts';
import { sameReadings } from './same-readings.ts';

/**
 * Holds a judged drive against others. The intrinsic verdict comes in and stays as it is; what comes out depends on
 * the drive, the recipe and what was read of the context, not on the order in which it was read.
 */
export async function judgeContext(drive: Drive, intrinsic: DriveVerdict, given: Context, recipe: Recipe): Promise<ContextVerdict> {
  const rules = recipe.validate.context;
  const context = { ...given, drives: given.drives.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)) };
  const findings: readonly ContextFinding[] = [
    ...heldImagery(drive, context.drives, rules),
    ...(await copiedImagery(drive, context.drives, rules)),
    ...sameReadings(drive, context.drives, rules),
    ...replayedTrack(drive, context.drives, rules),
    ...placeOffset(drive, context.drives, rules),
    ...impossibleClock(drive, context.closedAtS, rules),
    ...light(drive, rules),
  ];
  return {
    contextSha256: contextSha256(context),
    drives: context.drives.length,
    ...combine(drive, intrinsic, findings, recipe),
    lines: findings.map(({ channels: _channels, isCertain: _isCertain, ...line }) => line),
  };
}

function orderOf({ inputSha256, contributor }: Context['drives'][number]): string {
  return `${inputSha256} ${contributor ?? ''}`;
}

import type { Drive } from '../shared/model/drive.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { DriveVerdict } from '../shared/model/verdict.ts';
import { alignPairs } from './camera/align-pairs.ts';
import { judgeSketched, sketchDrive } from './judge.ts';
import type { Net } from './net.ts';
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns, netWindows } from './net-input.ts';
import type { Sketch } from './sketch.ts';
import { windowsOf } from './windows.ts';

/** What the server stores and `wayproof judge` prints: the net is asked first, then the pure judge speaks. */
export async function judgeWithNet(net: Net, drive: Drive, recipe: Recipe): Promise<DriveVerdict> {
  const sketched = sketchDrive(drive, recipe);
  const parts: (readonly (number | null)[])[] = [];
  for (const { sketch } of sketched.sketched) parts.push(sketch === null ? [] : await netOdds(net, sketch, recipe.validate));
  const { sha256, limit, calibration } = net.model;
  const pairs = await alignPairs(sketched);
  return judgeSketched(sketched, { recipe, calibration }, { provider: net.provider, net: { modelSha256: sha256, limit, parts }, pairs });
}

/** Windows asked at once; always cut in the same way, so that the same drive makes the same batches. */
const BATCH = 64;
const ODDS_DECIMALS = 1e4;

/** The net's odds for each window of a part, in nats (0 and more); null where too little of a window is covered. */
export async function netOdds(net: Net, sketch: Sketch, rules: ValidateRules): Promise<readonly (number | null)[]> {
  const odds: (number | null)[] = windowsOf(sketch, rules).map(() => null);
  const columns = netColumns(sketch);
  const windows = netWindows(sketch, rules);
  for (let from = 0; from < windows.length; from += BATCH) {
    const batch = windows.slice(from, from + BATCH);
    const input = new Float32Array(batch.length * NET_CHANNELS * NET_SECONDS);
    for (const [n, { window }] of batch.entries()) fillWindow(input, n * NET_CHANNELS * NET_SECONDS, columns, window);
    const answers = await net.ask(input, batch.length);
    for (const [n, { n: at }] of batch.entries()) odds[at] = nats(answers[n]!);
  }
  return odds;
}

/** Log-odds as evidence that is never negative, ln(1 + e^x), rounded so that providers that differ in the last bits say the same. */
export function nats(logOdds: number): number {
  const value = Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
  return Math.round(value * ODDS_DECIMALS) / ODDS_DECIMALS;
}

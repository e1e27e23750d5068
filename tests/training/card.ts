import type { Sha256 } from '../../shared/model/ids.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import type { Calibration } from '../../validate/calibrate.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { judgeDrive } from '../../validate/judge.ts';
import { above, auc, type Judge, JUDGES, oneAnExcerpt, type Scored, type Share, thresholdAt, valueOf } from './figures.ts';
import type { Journey } from './journeys.ts';

export interface CardInput {
  readonly scored: readonly Scored[];
  readonly journeys: readonly Journey[];
  /** Each drive's odds, by the net that has not seen it. */
  readonly parts: ReadonlyMap<Drive, readonly (readonly (number | null)[])[]>;
  readonly limit: number;
  /** A calibration for each fold, made without its drives. */
  readonly calibrations: readonly Calibration[];
  /** Largest difference between the runtime and torch. */
  readonly parity: number;
  readonly seed: number;
  /** Of the run, as 2026-01-31. */
  readonly date: string;
  readonly hashes: Readonly<Record<string, string>>;
}

const FPR = 0.01;

/** The model card: written by the command, never by hand. */
export function cardOf(input: CardInput): string {
  return `${[...head(input), ...figures(input, 'real'), ...figures(input, 'simulated'), ...honest(input), ...limits(), ...files(input)].join('\n')}\n`;
}

function head({ journeys, scored, limit, parity, seed, date }: CardInput): readonly string[] {
  const count = (source: Journey['source']): number => new Set(scored.filter(({ journey }) => journey.source === source).map(({ journey }) => journey.drive.name)).size;
  return [
    '# learned-consistency: a small net on the sketch', '',
    `Written by \`python3 validate/training/train.py\` on ${date}; do not edit. What it is for: one more check, which may flag a window and never rejects one, because it reads the channels that the rules read.`, '',
    `- Input: 64 s of the sketch at 1 Hz (channels in \`consistency.json\`). Output: log-odds that the channels do not tell of one drive; shown as ln(1 + e^x) in nat; limit ${limit} nat.`,
    '- A dilated temporal convolutional network: convolutions and reductions only, opset 13.',
    `- Learned from ${journeys.length} real drives and ${count('simulated')} simulated ones, honest and under nine attacks (\`fixtures/attacks\`), seed ${seed}. Shipped weights have seen all drives; every figure below is from the weights of a fold that has not seen the journey.`,
    `- The runtime's answers differ from torch's by ${parity.toExponential(1)} at most, on 256 windows.`, '',
  ];
}

function valuesOf({ calibrations, limit }: CardInput, judge: Judge, scored: readonly Scored[]): readonly number[] {
  return scored.map((one) => valueOf(judge, one, calibrations[one.journey.fold]!, limit));
}

function figures(input: CardInput, source: Journey['source']): readonly string[] {
  const scored = oneAnExcerpt(input.scored.filter(({ journey }) => journey.source === source));
  const honest = scored.filter(({ kind }) => kind === 'honest');
  if (honest.length === 0) return [];
  const thresholds = Object.fromEntries(JUDGES.map((judge) => [judge, thresholdAt(FPR, valuesOf(input, judge, honest))]));
  const kinds = [...new Set(scored.map(({ kind }) => kind))].filter((kind) => kind !== 'honest').toSorted();
  const rows = kinds.map((kind) => {
    const those = scored.filter((one) => one.kind === kind);
    const shares = JUDGES.map((judge) => above(valuesOf(input, judge, those), thresholds[judge]!));
    const flagged = [those.filter(({ severities }) => isOver(severities)), those.filter(({ severities, odds }) => isOver(severities) || odds > input.limit)].map(({ length }) => (length / those.length).toFixed(3));
    return { kind, shares, flagged, auc: auc(valuesOf(input, 'together', those), valuesOf(input, 'together', honest)) };
  });
  return [
    `## Attacks on ${source} drives, out of fold`, '',
    `Share of attacked windows found at ${FPR * 100} % of ${honest.length} honest windows of ${source} drives (one window an excerpt; 95 % Wilson intervals, which take excerpts of one drive for independent).`, '',
    `| attack | windows | ${JUDGES.join(' | ')} | AUC together | flagged by the rules | flagged with the net |`, '|---|---|---|---|---|---|---|---|',
    ...rows.map(({ kind, shares, flagged, auc }) => `| ${kind} | ${shares[0]!.of} | ${shares.map(shown).join(' | ')} | ${auc.toFixed(3)} | ${flagged.join(' | ')} |`),
    `| **mean of ${rows.length}** | | ${JUDGES.map((_, n) => `**${mean(rows.map(({ shares }) => shares[n]!.share)).toFixed(3)}**`).join(' | ')} | ${mean(rows.map(({ auc }) => auc)).toFixed(3)} | ${[0, 1].map((n) => mean(rows.map(({ flagged }) => Number(flagged[n]))).toFixed(3)).join(' | ')} |`, '',
    'The last two columns are the shipped policy: windows over a limit, by the rules alone and with the net.', '',
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isOver(severities: Readonly<Record<string, number>>): boolean {
  return Object.values(severities).some((severity) => severity > 1);
}

function shown({ share, low, high }: Share): string {
  return `${share.toFixed(3)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}

/** Every real drive as the shipped policy would judge it with weights and calibration that have not seen it. */
function honest({ journeys, parts, limit, calibrations }: CardInput): readonly string[] {
  const rows = journeys.map(({ drive, fold }) => {
    const calibration = calibrations[fold]!;
    const alone = judgeDrive(drive, { recipe: RECIPE, calibration }, RULES_ALONE);
    const together = judgeDrive(drive, { recipe: RECIPE, calibration }, { provider: 'cpu', net: { modelSha256: '' as Sha256, limit, parts: parts.get(drive)! } });
    return `| ${drive.name} | ${together.windows.length} | ${alone.verdict} | ${flagged(alone)} | ${together.verdict} | ${flagged(together)} | ${Math.max(0, ...parts.get(drive)!.flat().map((odds) => odds ?? 0)).toFixed(1)} |`;
  });
  return [
    '## Honest drives, out of fold', '',
    'Whole drives under the shipped policy: verdict and flagged windows, by the rules alone and with the net.', '',
    '| drive | windows | rules | flagged | with the net | flagged | highest odds, nat |', '|---|---|---|---|---|---|---|', ...rows, '',
  ];
}

function flagged({ windows }: DriveVerdict): number {
  return windows.filter(({ verdict }) => verdict === 'flagged' || verdict === 'rejected').length;
}

function limits(): readonly string[] {
  return [
    '## Limits', '',
    '- About 13 hours of motion sensor, ten of the twelve journeys from one phone: other devices, other cities and other drivers are not shown to be alike. Folds are disjoint by journey, not by device.',
    '- Attacks are ours; a forger who knows this net can do better. Attack types it was not trained on were not measured.',
    '- Without a motion sensor only teleports and planned tracks can be told from honest drives.',
    '- A constant offset cannot be seen, a drag-off hardly: 64 s are too short for it.',
    '- The limit is set so that honest drives are not flagged more often than before, and costs much of what the net finds: compare its share at 1 % with the last column.',
    '- The net sees 64 s at a time; whether a whole drive is one story is not asked.',
    '- The calibration rests on a few hundred independent honest windows; shares beyond 1 % are extrapolated.', '',
  ];
}

function files({ journeys, hashes }: CardInput): readonly string[] {
  return [
    '## Files and data', '',
    '`model_sha256` of a receipt is the SHA-256 of two lines as `sha256sum` prints them, for `weights.onnx` and `weights.json`, standing for `consistency.onnx` and `consistency.json`.', '',
    '| file | SHA-256 |', '|---|---|', ...Object.entries(hashes).map(([name, sha256]) => `| \`${name}\` | \`${sha256}\` |`), '',
    '| drive | fold | input_sha256 |', '|---|---|---|', ...journeys.map(({ drive, fold }) => `| ${drive.name} | ${fold} | \`${drive.inputSha256}\` |`), '',
  ];
}

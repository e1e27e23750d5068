import type { Sha256 } from '../../shared/model/ids.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import type { Calibration } from '../../validate/calibrate.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { judgeDrive } from '../../validate/judge.ts';
import { above, auc, type Judge, JUDGES, type Scored, type Share, thresholdAt, valueOf, wilson } from './figures.ts';
import type { Journey } from './journeys.ts';

export interface CardInput {
  readonly scored: readonly Scored[];
  readonly journeys: readonly Journey[];
  /** How many simulated drives it learned from. */
  readonly simulated: number;
  /** Each drive's odds, by the net that has not seen it. */
  readonly parts: ReadonlyMap<Drive, readonly (readonly (number | null)[])[]>;
  readonly limit: number;
  /** For each fold, made without its drives. */
  readonly learned: readonly { readonly limit: number; readonly calibration: Calibration }[];
  /** Largest difference between the runtime and torch. */
  readonly parity: number;
  readonly seed: number;
  /** Of the run, as 2026-01-31. */
  readonly date: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** By attack, what nets that never learned of it find; empty where that was not measured. */
  readonly unseen: Readonly<Record<string, Unseen>>;
}

/** Counts of windows, as `train.py --unseen` writes them. */
export interface Unseen {
  readonly weights: string;
  /** Whose journeys it has not seen. */
  readonly folds: readonly number[];
  readonly honest: number;
  readonly attacked: number;
  readonly 'at_0.01': number;
  readonly 'at_0.001': number;
}

const FPR = 0.01;
const RARE_FPR = 0.001;
/** A drive with fewer honest windows says nothing of its own rate. */
const LEAST_WINDOWS = 90;

/** The model card: written by the command, never by hand. */
export function cardOf(input: CardInput): string {
  return `${[...head(input), ...figures(input, 'real'), ...figures(input, 'simulated'), ...unseen(input), ...honest(input), ...limits(), ...files(input)].join('\n')}\n`;
}

function head({ journeys, simulated, limit, parity, seed, date }: CardInput): readonly string[] {
  return [
    '# learned-consistency: a small net on the sketch', '',
    `Written by \`python3 validate/training/train.py\` on ${date}; do not edit. What it is for: one more check, which may flag a window and never rejects one, because it reads the channels that the rules read.`, '',
    `- Input: 64 s of the sketch at 1 Hz with 64 s before and after it (channels in \`consistency.json\`). Output: log-odds that the channels do not tell of one drive in the 64 s; shown as ln(1 + e^x) in nat; limit ${limit} nat.`,
    '- The mean of three dilated temporal convolutional networks at three time scales, trained from different seeds: convolutions and reductions only, opset 13, their channels filled up to a multiple of four (with others onnxruntime 1.30 errs on WebGPU).',
    `- Learned from ${journeys.length} real drives and ${simulated} simulated ones (look-alikes such as ferries teach every fold, and nothing is measured on them): windows as other devices might have recorded them (\`tests/training/devices.ts\`), honest and under attacks in many shapes (\`tests/training/wide.ts\`), seed ${seed}. Measured on windows as they were recorded, under nine attacks at the severities of the project's list of threats (\`tests/scorecard/attacks.ts\`). Shipped weights have seen all drives; every figure below is from the weights of a fold that has not seen the journey.`,
    `- The runtime's answers differ from torch's by ${parity.toExponential(1)} at most, on made-up inputs.`, '',
  ];
}

function valuesOf({ learned }: CardInput, judge: Judge, scored: readonly Scored[]): readonly number[] {
  return scored.map((one) => valueOf(judge, one, learned[one.journey.fold]!.calibration, learned[one.journey.fold]!.limit));
}

function figures(input: CardInput, source: Journey['source']): readonly string[] {
  const scored = input.scored.filter(({ journey }) => journey.source === source);
  const honest = scored.filter(({ kind }) => kind === 'honest');
  if (honest.length === 0) return [];
  const judges = JUDGES.filter((judge) => valuesOf(input, judge, honest).some(Number.isFinite));
  const values = (judge: Judge, of: readonly Scored[]): readonly number[] => valuesOf(input, judge, of);
  const limits = Object.fromEntries(judges.map((judge) => [judge, [FPR, RARE_FPR].map((fpr) => thresholdAt(fpr, values(judge, honest)))]));
  const kinds = [...new Set(scored.map(({ kind }) => kind))].filter((kind) => kind !== 'honest').toSorted();
  const rows = kinds.map((kind) => {
    const those = scored.filter((one) => one.kind === kind);
    const shares = judges.map((judge) => limits[judge]!.map((limit) => above(values(judge, those), limit)));
    const flagged = [those.filter(({ severities }) => isOver(severities)), those.filter(({ severities, odds, journey }) => isOver(severities) || odds > input.learned[journey.fold]!.limit)].map(({ length }) => (length / those.length).toFixed(3));
    return { kind, shares, flagged, auc: auc(values('together', those), values('together', honest)) };
  });
  const last = judges.length - 1;
  return [
    `## Attacks on ${source} drives, out of fold`, '',
    `Share of attacked windows found at ${FPR * 100} % of ${honest.length} honest windows of ${source} drives (each driven window of the drives as they were recorded, overlapping ones included; 95 % Wilson intervals, which take windows of one drive for independent).`, '',
    `| attack | windows | ${judges.join(' | ')} | together at ${RARE_FPR * 100} % | AUC together | flagged without the net | flagged with the net |`, `|${'---|'.repeat(judges.length + 6)}`,
    ...rows.map(({ kind, shares, flagged, auc }) => `| ${kind} | ${shares[0]![0]!.of} | ${shares.map(([share]) => shown(share!)).join(' | ')} | ${shown(shares[last]![1]!)} | ${auc.toFixed(3)} | ${flagged.join(' | ')} |`),
    `| **mean of ${rows.length}** | | ${judges.map((_, n) => `**${mean(rows.map(({ shares }) => shares[n]![0]!.share)).toFixed(3)}**`).join(' | ')} | **${mean(rows.map(({ shares }) => shares[last]![1]!.share)).toFixed(3)}** | ${mean(rows.map(({ auc }) => auc)).toFixed(3)} | ${[0, 1].map((n) => mean(rows.map(({ flagged }) => Number(flagged[n]))).toFixed(3)).join(' | ')} |`, '',
    'The last two columns are the shipped policy: windows over a limit. A judge is the checks that it is made of, and together is all of them: what a row loses when one is left out can be read from the others.', '',
    ...worst(input, honest, limits['together']![0]!), '',
  ];
}

/** Where false alarms gather. */
function worst(input: CardInput, honest: readonly Scored[], limit: number): readonly string[] {
  const names = [...new Set(honest.map(({ journey }) => journey.drive.name))];
  const rates = names.map((name) => ({ name, share: above(valuesOf(input, 'together', honest.filter(({ journey }) => journey.drive.name === name)), limit) })).filter(({ share }) => share.of >= LEAST_WINDOWS).toSorted((a, b) => b.share.share - a.share.share);
  if (rates.length === 0) return [];
  return [`Honest windows over that threshold, drive by drive (those with ${LEAST_WINDOWS} windows and more, the three worst): ${rates.slice(0, 3).map(({ name, share }) => `${name} ${shown(share)}`).join(', ')}.`];
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

function unseen({ unseen }: CardInput): readonly string[] {
  const rows = Object.entries(unseen).map(([attack, counts]) => `| ${attack} | ${counts.attacked} | ${[counts['at_0.01'], counts['at_0.001']].map((found) => shown(wilson(found, counts.attacked))).join(' | ')} |`);
  if (rows.length === 0) return [];
  return [
    '## Attacks that the net never learned of', '',
    'Nets trained without one attack, on the journeys of three folds; share of its windows found on the real drives of the other two, at thresholds from their honest windows. The net alone: the other checks are the same whatever it learns.', '',
    `| left out | windows | at ${FPR * 100} % | at ${RARE_FPR * 100} % |`, '|---|---|---|---|', ...rows, '',
  ];
}

/** Every real drive as the shipped policy would judge it with weights, limit and calibration that have not seen it. */
function honest({ journeys, parts, learned }: CardInput): readonly string[] {
  const rows = journeys.map(({ drive, fold }) => {
    const { limit, calibration } = learned[fold]!;
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
    '- Attacks are ours; a forger who knows this net can do better.',
    '- Without a motion sensor only teleports and planned tracks can be told from honest drives.',
    '- A constant offset cannot be seen. Drag-off and scaled speed are found best where their onset is seen; on a straight road nothing tells of them later.',
    '- The limit is set so that honest drives are not flagged more often than before, and costs much of what the net finds: compare its share at 1 % with the last column.',
    '- The net sees 192 s at a time; whether a whole drive is one story is not asked.',
    '- The calibration of each check is on real and on simulated windows in equal parts; that of a window, and every threshold of the first table, on real ones. It rests on a few hundred independent honest windows; shares beyond 1 % are extrapolated. The share of the false alarms that the net may have (0.9 of them) was chosen on these figures, among 0.6, 0.8 and 0.9.', '',
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

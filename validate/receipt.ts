import type { Sha256 } from '../shared/model/ids.ts';
import type { ReasonCode } from '../shared/model/reason.ts';
import type { CheckResult, DriveVerdict, FrameVerdict, Tier, Verdict, WindowVerdict } from '../shared/model/verdict.ts';

/** The judgement as `wayproof judge` prints it (specs/drive-folder.md). Members stand in this order. */
export interface Judgement {
  readonly drive: string;
  readonly verdict: Verdict;
  readonly tier: Tier;
  readonly tier_reasons: readonly ReasonCode[];
  readonly score: number;
  readonly frames: readonly PrintedFrame[];
  readonly windows: readonly PrintedWindow[];
  readonly receipt: { readonly recipe: number; readonly model_sha256: Sha256 | null; readonly input_sha256: Sha256; readonly provider: string };
}

export interface PrintedFrame {
  readonly file: string;
  readonly t_s: number;
  readonly verdict: Verdict;
  readonly score: number;
  readonly reasons: readonly ReasonCode[];
}

export interface PrintedWindow {
  readonly from_s: number;
  readonly to_s: number;
  readonly score: number;
  readonly verdict: Verdict;
  readonly checks: Readonly<Record<string, PrintedCheck>>;
  readonly reasons: readonly ReasonCode[];
}

export interface PrintedCheck {
  readonly score: number;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly bound: 'upper' | 'lower';
  /** How far inside the limit, in the same unit; negative beyond it. */
  readonly margin: number;
  readonly at_s: number;
  /** The seconds that it was measured over, where they are not the whole window. */
  readonly from_s?: number;
  readonly to_s?: number;
  /** What another witness says of those seconds. */
  readonly claimed?: { readonly value: number; readonly unit: string };
}

/** One JSON line without the line end and without `ms`; the same verdict is the same bytes. */
export function printJudgement(verdict: DriveVerdict): string {
  return [...judgementPieces(verdict)].join('');
}

/** The same line in pieces, a frame or a window each: that of days need not stand in the memory beside its verdict. */
export function* judgementPieces({ drive, verdict, tier, tierReasons, score, frames, windows, receipt }: DriveVerdict): Generator<string> {
  const head: Omit<Judgement, 'frames' | 'windows' | 'receipt'> = { drive, verdict, tier, tier_reasons: tierReasons, score };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[`;
  for (const [n, frame] of frames.entries()) yield `${n === 0 ? '' : ','}${JSON.stringify(printFrame(frame))}`;
  yield '],"windows":[';
  for (const [n, window] of windows.entries()) yield `${n === 0 ? '' : ','}${JSON.stringify(printWindow(window))}`;
  const printed: Judgement['receipt'] = { recipe: receipt.recipe, model_sha256: receipt.modelSha256, input_sha256: receipt.inputSha256, provider: receipt.provider };
  yield `],"receipt":${JSON.stringify(printed)}}`;
}

function printFrame({ path, tS, verdict, score, reasons }: FrameVerdict): PrintedFrame {
  return { file: path, t_s: tS, verdict, score, reasons };
}

function printWindow({ fromS, toS, score, verdict, checks, reasons }: WindowVerdict): PrintedWindow {
  const printed = Object.entries(checks).map(([name, check]) => [name, printCheck(check)] as const);
  return { from_s: fromS, to_s: toS, score, verdict, checks: Object.fromEntries(printed), reasons };
}

function printCheck({ score, measured, limit, unit, bound, atS, span, claimed }: CheckResult): PrintedCheck {
  const margin = bound === 'upper' ? limit - measured : measured - limit;
  return { score, measured, limit, unit, bound, margin: Math.round(margin * 1e6) / 1e6, at_s: atS, ...(span === undefined ? {} : { from_s: span.fromS, to_s: span.toS }), ...(claimed === undefined ? {} : { claimed }) };
}

/** Reads back what `printJudgement` wrote; SyntaxError where it is no JSON. The text comes from our own table only. */
export function parseJudgement(text: string): DriveVerdict {
  const { drive, verdict, tier, tier_reasons, score, frames, windows, receipt } = JSON.parse(text) as Judgement;
  return {
    drive, verdict, tier, tierReasons: tier_reasons, score,
    frames: frames.map(({ file, t_s, ...rest }): FrameVerdict => ({ path: file, tS: t_s, ...rest })),
    windows: windows.map(({ from_s, to_s, checks, ...rest }): WindowVerdict => ({ fromS: from_s, toS: to_s, ...rest, checks: parseChecks(checks) })),
    receipt: { recipe: receipt.recipe, modelSha256: receipt.model_sha256, inputSha256: receipt.input_sha256, provider: receipt.provider },
  };
}

function parseChecks(checks: Readonly<Record<string, PrintedCheck>>): Readonly<Record<string, CheckResult>> {
  return Object.fromEntries(
    Object.entries(checks).map(([name, { score, measured, limit, unit, bound, at_s, from_s, to_s, claimed }]) => [name, {
      score, measured, limit, unit, bound, atS: at_s, ...(from_s === undefined || to_s === undefined ? {} : { span: { fromS: from_s, toS: to_s } }), ...(claimed === undefined ? {} : { claimed }),
    }]),
  );
}

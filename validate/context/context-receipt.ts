import type { ContextLine, ContextVerdict } from '../../shared/model/context-verdict.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import type { ReasonCode } from '../../shared/model/reason.ts';
import type { DriveVerdict, Verdict } from '../../shared/model/verdict.ts';

/** The context lines of a receipt as printed. Members stand in this order. */
export interface PrintedContext {
  readonly sha256: Sha256;
  readonly drives: number;
  /** What holds of the drive, the context read. */
  readonly verdict: Verdict;
  /** Frames of which the context says more than the intrinsic verdict. */
  readonly frames: readonly { readonly file: string; readonly verdict: Verdict; readonly reasons: readonly ReasonCode[] }[];
  readonly lines: readonly PrintedLine[];
}

export interface PrintedLine {
  readonly check: string;
  /** Null where the value keeps its limit. */
  readonly reason: ReasonCode | null;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly bound: 'upper' | 'lower';
  readonly margin: number;
  readonly spans: readonly (readonly [number, number])[];
}

/** One JSON object; the same verdict is the same bytes. */
export function printContext(context: ContextVerdict, intrinsic: DriveVerdict): string {
  const before = new Map(intrinsic.frames.map((frame) => [frame.path, frame]));
  const printed: PrintedContext = {
    sha256: context.contextSha256,
    drives: context.drives,
    verdict: context.verdict,
    frames: context.frames.filter((frame) => frame !== before.get(frame.path)).map(({ path, verdict, reasons }) => ({ file: path, verdict, reasons })),
    lines: context.lines.map(printLine),
  };
  return JSON.stringify(printed);
}

function printLine({ check, reason, measured, limit, unit, bound, spans }: ContextLine): PrintedLine {
  const [value, most] = [rounded(measured), rounded(limit)];
  return {
    check, reason: spans.length === 0 ? null : reason, measured: value, limit: most, unit, bound,
    margin: rounded(bound === 'upper' ? most - value : value - most), spans: spans.map(({ fromS, toS }) => [rounded(fromS), rounded(toS)]),
  };
}

/** Reads back what `printContext` wrote. The text comes from our own table only. */
export function parseContext(text: string): PrintedContext {
  return JSON.parse(text) as PrintedContext;
}

/** The judgement's line with the context's lines in its receipt; without them it is the intrinsic line, byte for byte. */
export function withContext(judgement: string, context: string): string {
  return `${judgement.slice(0, -2)},"context":${context}}}`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

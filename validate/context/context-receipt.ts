import type { ContextLine, ContextVerdict, PrintedContext, PrintedLine } from '../../shared/model/context-verdict.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';

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

import type { ContextLine, Span } from '../../shared/model/context-verdict.ts';
import type { UnixSeconds } from '../../shared/model/drive.ts';
import type { Channel } from '../../shared/model/verdict.ts';

/** A line of the receipt with what the verdict rule needs to know. */
export interface ContextFinding extends ContextLine {
  readonly channels: readonly Channel[];
  /** Rejects alone: byte-identical imagery or sensor blocks (design.md, Verdicts). */
  readonly isCertain: boolean;
}

/** Evidence this close together is one stretch. */
const JOINED_S = 64;

/** Spans in time order, with those near one another joined. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const done: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromS - b.fromS || a.toS - b.toS)) {
    const last = done.at(-1);
    if (last === undefined || span.fromS - last.toS > JOINED_S) done.push(span);
    else done[done.length - 1] = { fromS: last.fromS, toS: Math.max(last.toS, span.toS) };
  }
  return done;
}

export function moment(tS: UnixSeconds): Span {
  return { fromS: tS, toS: tS };
}

/** Whether the span touches the stretch. */
export function overlaps(a: Span, b: Span): boolean {
  return a.fromS <= b.toS && b.fromS <= a.toS;
}

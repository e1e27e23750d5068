import { type Measured } from './measure.ts';
import type { Scorecard } from './scorecard.ts';
export interface Paper {
  readonly real: Scorecard;
  readonly simulated: Scorecard;
  readonly material: { readonly real: Measured; readonly simulated: Measured; readonly devices: readonly { readonly device: string; readonly measured: Measured }[] };
  readonly minutes: number;
  readonly date: string;
  readonly seed: number;
  readonly draws: { readonly attacksPerMinute: number; readonly dropOutsPerMinute: number };
}
export function paperOf(paper: Paper): { readonly markdown: string; readonly plots: Readonly<Record<string, string>> } {
  return { markdown: JSON.stringify(paper.real, null, 1), plots: {} };
}

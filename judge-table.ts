import type { ContextVerdict } from './shared/model/context-verdict.ts';
import { type DriveVerdict, severity, type Verdict, VERDICTS } from './shared/model/verdict.ts';
import { explain } from './shared/model/explain.ts';

/** Reasons that are spelled out, the worst first. */
const MOST_REASONS = 3;

/** A verdict for a person at a terminal: the drive, its frames and windows by verdict, and the worst findings in words. */
export function verdictTable(verdict: DriveVerdict, context: ContextVerdict | null, ms: number): string {
  const { drive, tier, tierReasons, score, frames, windows, receipt } = verdict;
  return [
    drive,
    row('verdict', `${verdict.verdict}, tier ${tier}${tierReasons.length === 0 ? '' : ` (${tierReasons.join(', ')})`}, score ${score.toFixed(3)}`),
    row('frames', byVerdict(frames)),
    row('windows', byVerdict(windows)),
    ...findings(verdict).map((finding, n) => row(n === 0 ? 'found' : '', finding)),
    ...(context === null ? [] : contextRows(context)),
    row('receipt', `recipe ${receipt.recipe}, net ${receipt.modelSha256?.slice(0, 12) ?? 'none'} on ${receipt.provider}, input ${receipt.inputSha256.slice(0, 12)}, ${ms} ms`),
  ].join('\n');
}

/** What the drive was held against, and what was found there, in words, each where it begins. */
function contextRows({ verdict, drives, contextSha256, lines }: ContextVerdict): readonly string[] {
  const beyond = lines.filter(({ spans }) => spans.length > 0);
  const found = beyond.map(({ check, spans: [first, ...others], ...measured }) => row('', `${timeOf(first!.fromS)} ${explain(check, measured)}${others.length === 0 ? '' : ` (${others.length + 1} stretches)`}`));
  return [row('context', `${verdict}; ${drives} other ${drives === 1 ? 'drive' : 'drives'}, ${contextSha256.slice(0, 12)}`), ...found];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(9)}${value}`;
}

function byVerdict(judged: readonly { readonly verdict: Verdict }[]): string {
  const counts = VERDICTS.map((verdict) => ({ verdict, count: judged.filter((one) => one.verdict === verdict).length })).filter(({ count }) => count > 0);
  return counts.length === 0 ? 'none' : `${judged.length}: ${counts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ')}`;
}

/** The worst finding of each check that went over its limit, with how many windows it was in. */
function findings({ windows }: DriveVerdict): readonly string[] {
  const worst = new Map<string, { readonly sentence: string; readonly severity: number; readonly windows: number }>();
  for (const [name, check] of windows.flatMap(({ checks }) => Object.entries(checks))) {
    const beyond = severity(check);
    if (beyond <= 1) continue;
    const before = worst.get(name);
    const isWorse = before === undefined || beyond > before.severity;
    worst.set(name, { sentence: isWorse ? `${timeOf(check.atS)} ${explain(name, check)}` : before.sentence, severity: Math.max(beyond, before?.severity ?? 0), windows: (before?.windows ?? 0) + 1 });
  }
  const sorted = [...worst.values()].toSorted((a, b) => b.severity - a.severity).slice(0, MOST_REASONS);
  return sorted.map(({ sentence, windows: count }) => `${sentence} (${count} ${count === 1 ? 'window' : 'windows'})`);
}

function timeOf(atS: number): string {
  return Math.abs(atS) <= 8.64e12 ? `${new Date(atS * 1000).toISOString().slice(0, 19)}Z` : `${atS} s`;
}

import type { JSX } from 'preact';
import { checkName, checkSentence } from '../checks.ts';
import { clockText } from '../dates.ts';
import type { Finding } from '../findings.ts';
import { highlighted, momentS } from '../moment.ts';
import { hasLeast } from '../nearness.ts';
import { quantityText } from '../quantities.ts';
import { say } from '../words.ts';

/** What went over its limit and when, in words; choosing one shows its stretch everywhere. */
export function FindingList({ findings, zone }: { readonly findings: readonly Finding[]; readonly zone: string }): JSX.Element {
  if (findings.length === 0) return <p class="muted">{say('plot.finding.none')}</p>;
  return (
    <ul class="finding-list" aria-label={say('plot.findings')}>
      {findings.map((finding) => (
        <li key={`${finding.check.name} ${finding.fromS}`}>
          <button class="finding" aria-pressed={highlighted.value === finding} onClick={() => (highlighted.peek() === finding ? clear() : highlight(finding))}>{findingText(finding, zone)}</button>
        </li>
      ))}
    </ul>
  );
}

/** What the chosen finding means, and in which seconds it was measured; announced when another is chosen. */
export function FindingSentence({ finding, zone }: { readonly finding: Finding | null; readonly zone: string }): JSX.Element {
  const span = finding?.check.span;
  return (
    <p class="finding-sentence" aria-live="polite">
      {finding !== null && checkSentence(finding.check)}
      {span !== undefined && <span class="muted"> {say('plot.measured', { from: clockText(span.fromS, zone), to: clockText(span.toS, zone) })}</span>}
    </p>
  );
}

/** Shows the stretch of a finding in the plots, on the map and on the ribbon, and goes to its worst second. */
export function highlight(finding: Finding): void {
  highlighted.value = finding;
  momentS.value = finding.worstS;
}

function clear(): void {
  highlighted.value = null;
}

/** A finding as a sentence. */
export function findingText({ check, fromS, toS }: Finding, zone: string): string {
  const figures = { measured: quantityText(check.measured, check.unit), limit: quantityText(check.limit, check.unit) };
  return say(hasLeast(check) ? 'plot.finding.least' : 'plot.finding', { check: checkName(check.name), from: clockText(fromS, zone), to: clockText(toS, zone), ...figures });
}

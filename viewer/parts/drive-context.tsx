import type { JSX } from 'preact';
import type { PrintedLine } from '../../shared/model/context-verdict.ts';
import type { ContextAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { checkName, checkSentence } from '../checks.ts';
import { clockText } from '../dates.ts';
import { say } from '../words.ts';

interface DriveContextProps {
  readonly id: string;
  readonly zone: string;
}

/**
 * What was found when a judged drive was held against earlier ones, a sentence a check; nothing where it was held
 * against none. The server decides who is told, and names nobody.
 */
export function DriveContext({ id, zone }: DriveContextProps): JSX.Element | null {
  const { answer } = useAsked<ContextAnswer>(`/api/drives/${id}/context`);
  const context = answer?.context ?? null;
  if (context === null) return null;
  const beyond = context.lines.filter(({ reason }) => reason !== null);
  const within = context.lines.filter(({ reason }) => reason === null);
  return (
    <section class="card findings drive-context" aria-labelledby="context-title">
      <h2 id="context-title">{say('context.title')}</h2>
      <p class="muted">{say('context.read', { drives: context.drives })}</p>
      {beyond.length === 0 ? <p>{say('context.none')}</p> : <Lines lines={beyond} zone={zone} />}
      {within.length > 0 && (
        <details class="receipt">
          <summary>{say('context.within')}</summary>
          <Lines lines={within} zone={zone} />
        </details>
      )}
    </section>
  );
}

function Lines({ lines, zone }: { readonly lines: readonly PrintedLine[]; readonly zone: string }): JSX.Element {
  return (
    <ul class="context-lines">
      {lines.map(({ check, spans, measured, limit, unit, bound }) => (
        <li key={check}>
          <p><strong>{checkName(check)}</strong></p>
          <p>{checkSentence({ name: check, measured, limit, unit, bound })}</p>
          {spans.map(([fromS, toS]) => <p key={fromS} class="muted small">{say('plot.measured', { from: clockText(fromS, zone), to: clockText(toS, zone) })}</p>)}
        </li>
      ))}
    </ul>
  );
}

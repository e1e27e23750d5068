import type { JSX } from 'preact';
import type { DriveSummary } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { DriveRow } from '../parts/drive-row.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { say } from '../words.ts';

/** The simulated drives of a first start, for everybody: what each claimed, and what became of it. */
export function DemoPage(): JSX.Element {
  const { answer, refused, again } = useAsked<{ readonly drives: readonly DriveSummary[] }>('/api/demo/drives');
  if (refused !== null && answer === null) return <RefusedPage refused={refused} again={again} />;
  return (
    <main id="main" class="page">
      <h1 tabIndex={-1}>{say('demo.drives')}</h1>
      <p class="muted">{say('demo.drives.text')}</p>
      {answer === null && [1, 2, 3].map((row) => <div key={row} class="skeleton drive-row" />)}
      {answer?.drives.length === 0 && <p class="note card">{say('demo.none')}</p>}
      <ul class="drive-list">{answer?.drives.map((drive) => <li key={drive.id}><DriveRow drive={drive} /></li>)}</ul>
    </main>
  );
}

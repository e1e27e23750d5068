import type { JSX } from 'preact';
import type { DriveSummary } from '../answers.ts';
import { instantText } from '../dates.ts';
import { pointsText } from '../quantities.ts';
import { say } from '../words.ts';
import { DriveState } from './drive-state.tsx';
import { SumLine } from './sum-line.tsx';

/** A drive in a list: its state, its sum line, what it earned. */
export function DriveRow({ drive }: { readonly drive: DriveSummary }): JSX.Element {
  return (
    <article class="card drive-row">
      <header>
        <h2><a href={`/drives/${drive.id}`}>{drive.name}</a></h2>
        <DriveState drive={drive} />
        <span class="spring" />
        <span class="points number">{say('drive.points', { points: pointsText(drive.points) })}</span>
      </header>
      <SumLine counts={drive.counts} />
      <p class="muted small">{say('drive.sent', { at: instantText(drive.createdAt) })} · {drive.licence}</p>
    </article>
  );
}

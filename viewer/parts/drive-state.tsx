import type { JSX } from 'preact';
import type { DriveSummary } from '../answers.ts';
import { reasonWords } from '../reasons.ts';
import { say } from '../words.ts';
import { VerdictChip } from './verdict-chip.tsx';

/** Where a drive stands, in one word: its verdict once it has one. */
export function DriveState({ drive }: { readonly drive: DriveSummary }): JSX.Element {
  if (drive.state === 'judged' && drive.verdict !== null) return <VerdictChip status={drive.verdict} />;
  if (drive.state === 'processing') return <VerdictChip status="processing" />;
  return <span class="chip">{say(`drive.state.${drive.state}`)}</span>;
}

/** What there is to know while a drive has no verdict: what is missing, or why there will be none. */
export function DriveNote({ drive }: { readonly drive: DriveSummary }): JSX.Element | null {
  if (drive.state === 'open') return <p class="note card">{say('drive.open.text', drive.files)}</p>;
  if (drive.state === 'processing' || drive.counts.processing > 0) return <p class="note card">{say('drive.processing.text')}</p>;
  if (drive.state !== 'refused' || drive.reason === null) return null;
  const { sentence, remedy } = reasonWords(drive.reason, drive.reasonDetail ?? {});
  return <p class="note card"><strong>{sentence}</strong> {remedy}</p>;
}

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DriveSummary, DriveWindowsAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { instantText } from '../dates.ts';
import { useDriveFrames } from '../drive-frames.ts';
import { replaceWith } from '../navigation.ts';
import { DriveNote, DriveState } from '../parts/drive-state.tsx';
import { DriveContext } from '../parts/drive-context.tsx';
import { DriveFindings } from '../parts/drive-findings.tsx';
import { DrivePlots } from '../parts/drive-plots.tsx';
import { FrameSheet } from '../parts/frame-sheet.tsx';
import { FrameTable } from '../parts/frame-table.tsx';
import { Icon } from '../parts/icon.tsx';
import { LicenceLine } from '../parts/licence-line.tsx';
import { Notes } from '../parts/notes.tsx';
import { Ribbon } from '../parts/ribbon.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { SumLine } from '../parts/sum-line.tsx';
import { TrackMap } from '../parts/track-map.tsx';
import { WithdrawDrive } from '../parts/withdraw.tsx';
import { useZone } from '../place-zone.ts';
import { pointsText } from '../quantities.ts';
import { FRAME_FILTERS, type FrameFilter } from '../route.ts';
import { isShown } from '../runs.ts';
import { config } from '../street.ts';
import { say } from '../words.ts';

interface DrivePageProps {
  readonly id: string;
  readonly show: FrameFilter;
  readonly frame: string | null;
}

const FOLLOW_MS = 3000;
const NO_WINDOWS: DriveWindowsAnswer['windows'] = [];

/** One drive with every frame of it and what became of each: the reader's own, or a demo drive. */
export function DrivePage({ id, show, frame: path }: DrivePageProps): JSX.Element {
  const { answer: drive, refused, again } = useAsked<DriveSummary>(`/api/drives/${id}`);
  useFollowing(drive, again);
  // Frames are asked for again only when the counts say that one has moved.
  const { frames } = useDriveFrames(id, drive === null ? null : JSON.stringify([drive.counts, drive.points]));
  const windows = useAsked<DriveWindowsAnswer>(drive?.state === 'judged' ? `/api/drives/${id}/windows` : null);
  const zone = useZone(frames);
  if (drive === null) {
    return refused === null ? <main id="main" class="page"><h1 tabIndex={-1}>{say('page.drive')}</h1><div class="skeleton tall" /></main> : <RefusedPage refused={refused} again={again} />;
  }
  const chosen = frames.find((frame) => frame.path === path) ?? null;
  const choose = (next: string | null): void => replaceWith({ page: 'drive', id, frame: next, show });
  const shown = frames.filter((frame) => isShown(frame, show));
  const pick = (next: FrameFilter): void => replaceWith({ page: 'drive', id, frame: path, show: next });
  return (
    <main id="main" class="page drive-page">
      <DriveHead drive={drive} />
      <SumLine counts={drive.counts} pick={pick} show={show} />
      {drive.counts.private > 0 && <p class="muted small">{say('drive.private', { frames: drive.counts.private })}</p>}
      <DriveNote drive={drive} />
      <DriveFindings windows={windows.answer?.windows ?? []} />
      {drive.state === 'judged' && <DriveContext id={id} zone={zone ?? 'UTC'} />}
      {frames.length > 0 && (
        <>
          <Ribbon frames={frames} chosen={chosen} choose={choose} />
          <div class="drive-view">
            <TrackMap frames={frames} chosen={chosen} choose={choose} />
            <FrameSheet frames={frames} chosen={chosen} choose={choose} zone={zone} windows={windows.answer?.windows ?? []} drive={drive} again={again} />
          </div>
          {drive.state === 'judged' && <DrivePlots id={id} frames={frames} chosen={chosen} choose={choose} windows={windows.answer?.windows ?? NO_WINDOWS} zone={zone ?? 'UTC'} />}
          <Filters show={show} pick={pick} />
          <FrameTable key={show} frames={shown} chosen={chosen} choose={choose} zone={zone} />
        </>
      )}
      <Notes notes={drive.notes} />
      <WithdrawDrive drive={drive} done={again} />
      <LicenceLine licences={[drive.licence]} attribution="" config={config.value} />
    </main>
  );
}

function DriveHead({ drive }: { readonly drive: DriveSummary }): JSX.Element {
  return (
    <header class="drive-head">
      <a class="back" href={drive.demo ? '/demo' : '/drives'}><Icon name="left" />{say(drive.demo ? 'demo.drives' : 'drive.back')}</a>
      <h1 tabIndex={-1}>{drive.name}</h1>
      <p><DriveState drive={drive} /> <span class="muted">{say('drive.sent', { at: instantText(drive.createdAt) })}</span></p>
      <p class="points"><strong class="number">{say('drive.points', { points: pointsText(drive.points) })}</strong> <span class="muted">{say('drive.points.note')}</span></p>
    </header>
  );
}

function Filters({ show, pick }: { readonly show: FrameFilter; readonly pick: (show: FrameFilter) => void }): JSX.Element {
  return (
    <fieldset class="segments filters">
      <legend>{say('drive.filter')}</legend>
      <div>
        {FRAME_FILTERS.map((filter) => (
          <label key={filter}>
            <input type="radio" name="show" value={filter} checked={filter === show} onChange={() => pick(filter)} />
            <span>{filter === 'all' || filter === 'unpaid' ? say(`drive.filter.${filter}`) : say(`status.${filter}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

// A drive that is still at work is looked at again every few seconds while its page is open.
function useFollowing(drive: DriveSummary | null, again: () => void): void {
  const working = drive !== null && (drive.state === 'processing' || drive.counts.processing > 0);
  useEffect(() => {
    if (!working) return undefined;
    const soon = setTimeout(again, FOLLOW_MS);
    return () => clearTimeout(soon);
  }, [working, drive]);
}

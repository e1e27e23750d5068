import type { JSX } from 'preact';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import type { DriveFrame, DriveSummary } from '../answers.ts';
import { instantText, timeText } from '../dates.ts';
import { useKeys } from '../keys.ts';
import { headingText, pointsText } from '../quantities.ts';
import { inReadingOrder } from '../reasons.ts';
import { statusOf } from '../status.ts';
import { say } from '../words.ts';
import { checksAt } from '../worst-window.ts';
import { CheckList } from './check-list.tsx';
import { Facts } from './facts.tsx';
import { Icon } from './icon.tsx';
import { Picture } from './picture.tsx';
import { ReasonList } from './reason-list.tsx';
import { VerdictChip } from './verdict-chip.tsx';
import { WithdrawFrame } from './withdraw.tsx';

interface FrameSheetProps {
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
  readonly zone: string | null;
  readonly windows: readonly WindowVerdict[];
  readonly drive: DriveSummary;
  /** Asks for the drive anew, after something of it has moved. */
  readonly again: () => void;
}

/** The chosen frame of one's own drive: its picture, what became of it, why, and what can be done. */
export function FrameSheet({ frames, chosen, choose, zone, windows, drive, again }: FrameSheetProps): JSX.Element {
  const at = chosen === null ? -1 : frames.indexOf(chosen);
  const step = (by: number): void => {
    const next = frames[Math.min(frames.length - 1, Math.max(0, at + by))];
    if (next !== undefined) choose(next.path);
  };
  useKeys([
    { keys: ['ArrowRight', 'PageDown'], words: 'keys.next', run: () => step(1) },
    { keys: ['ArrowLeft', 'PageUp'], words: 'keys.previous', run: () => step(-1) },
    { keys: ['Shift+ArrowRight'], words: 'keys.ten.next', run: () => step(10) },
    { keys: ['Shift+ArrowLeft'], words: 'keys.ten.previous', run: () => step(-10) },
  ], [frames, at]);
  if (chosen === null) {
    return <section class="frame-sheet card empty"><p class="muted">{say('drive.choose')}</p><p><button onClick={() => choose(frames[0]?.path ?? null)}>{say('drive.choose.first')}</button></p></section>;
  }
  const checks = checksAt(windows, chosen.capturedAt);
  const alt = say('drive.picture', { path: chosen.path });
  return (
    <section class="frame-sheet card" aria-labelledby="sheet-title">
      <div class="sheet-picture">{chosen.pictureUrl === null ? <span class="no-thumb">{say('drive.no.picture')}</span> : <Picture url={chosen.pictureUrl} alt={alt} />}</div>
      <div class="sheet-text">
        <p class="actions"><VerdictChip status={statusOf(chosen.state)} />{chosen.private !== null && <span class="badge">{say('drive.private.mark')}</span>}<span class="spring" />
          <button class="square" aria-label={say('frame.previous')} disabled={at === 0} onClick={() => step(-1)}><Icon name="left" /></button>
          <button class="square" aria-label={say('frame.next')} disabled={at === frames.length - 1} onClick={() => step(1)}><Icon name="right" /></button>
        </p>
        <h2 id="sheet-title">{chosen.path}</h2>
        <ReasonList codes={reasonsOf(chosen)} detail={chosen.detail} />
        <Facts facts={[
          [say('drive.time'), <FrameTime key="time" at={chosen.capturedAt} zone={zone} />],
          [say('frame.heading'), chosen.headingDeg === null ? say('unknown') : headingText(chosen.headingDeg)],
          [say('frame.points'), say('frame.points.value', { points: pointsText(chosen.points) })],
        ]} />
        {checks.length > 0 && <details class="receipt"><summary>{say('checks.title')}</summary><CheckList checks={checks} /></details>}
        {chosen.id !== null && chosen.state === 'accepted' && chosen.private === null && <p><a href={`/frames/${chosen.id}`}>{say('drive.public')}</a></p>}
        <WithdrawFrame drive={drive} frame={chosen} done={again} />
      </div>
    </section>
  );
}

/** All that was said of a frame, being private included. */
export function reasonsOf(frame: DriveFrame): readonly string[] {
  return inReadingOrder(frame.private === null || frame.reasons.includes(frame.private) ? frame.reasons : [...frame.reasons, frame.private]);
}

/** When a frame was captured, by the clocks of the place. */
export function FrameTime({ at, zone }: { readonly at: string | null; readonly zone: string | null }): JSX.Element {
  return at === null ? <>–</> : <time dateTime={at} title={instantText(at)}>{timeText(at, zone ?? 'UTC')}</time>;
}

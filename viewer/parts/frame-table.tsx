import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DriveFrame } from '../answers.ts';
import { pointsText } from '../quantities.ts';
import { reasonWords } from '../reasons.ts';
import { statusOf } from '../status.ts';
import { say } from '../words.ts';
import { FrameTime, reasonsOf } from './frame-sheet.tsx';
import { Shape } from './verdict-chip.tsx';

interface FrameTableProps {
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
  readonly zone: string | null;
}

const ROW_PX = 44;
/** Rows beyond the visible ones, above and below: enough for a flick of the wheel. */
const SPARE = 20;

/** Every frame of a drive. Ten thousand rows are a table of which only those in sight are in the page. */
export function FrameTable({ frames, chosen, choose, zone }: FrameTableProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = box.current?.clientHeight ?? 600;
  // A filter may have made the list shorter than what was scrolled.
  const shownFrom = Math.min(top, Math.max(0, frames.length * ROW_PX - height));
  const from = Math.max(0, Math.floor(shownFrom / ROW_PX) - SPARE);
  const to = Math.min(frames.length, Math.ceil((shownFrom + height) / ROW_PX) + SPARE);
  const at = chosen === null ? -1 : frames.indexOf(chosen);
  useEffect(() => {
    const scroller = box.current;
    if (scroller === null || at < 0) return;
    const y = at * ROW_PX;
    if (y < scroller.scrollTop || y > scroller.scrollTop + scroller.clientHeight - 2 * ROW_PX) scroller.scrollTop = y - scroller.clientHeight / 3;
  }, [at]);
  return (
    <section class="frame-table card" aria-labelledby="table-title">
      <h2 id="table-title">{say('drive.table')} <span class="muted">{frames.length}</span></h2>
      {zone !== null && <p class="muted small">{say('drive.zone', { zone })}</p>}
      {frames.length === 0
        ? <p class="muted">{say('drive.table.none')}</p>
        : (
          <div class="scroller" ref={box} tabIndex={0} role="table" aria-labelledby="table-title" aria-rowcount={frames.length + 1} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
            <div role="rowgroup" class="head">
              <div role="row" aria-rowindex={1} class="row">
                {(['drive.time', 'drive.status', 'drive.frame', 'drive.reasons', 'drive.points.column'] as const).map((key) => <span key={key} role="columnheader">{say(key)}</span>)}
              </div>
            </div>
            <div role="rowgroup" style={{ paddingBlockStart: `${from * ROW_PX}px`, paddingBlockEnd: `${(frames.length - to) * ROW_PX}px` }}>
              {frames.slice(from, to).map((frame, index) => <Row key={frame.path} frame={frame} row={from + index + 2} isChosen={frame === chosen} choose={choose} zone={zone} />)}
            </div>
          </div>
        )}
    </section>
  );
}

interface RowProps {
  readonly frame: DriveFrame;
  readonly row: number;
  readonly isChosen: boolean;
  readonly choose: (path: string | null) => void;
  readonly zone: string | null;
}

function Row({ frame, row, isChosen, choose, zone }: RowProps): JSX.Element {
  const why = reasonsOf(frame).map((code) => reasonWords(code, frame.detail).sentence).join(' ');
  return (
    <div role="row" aria-rowindex={row} class={`row${isChosen ? ' chosen' : ''}`} onClick={() => choose(frame.path)}>
      <span role="cell" class="number time"><FrameTime at={frame.capturedAt} zone={zone} /></span>
      <span role="cell" class="status"><Shape status={statusOf(frame.state)} />{say(`status.${statusOf(frame.state)}`)}</span>
      <span role="cell" class="path"><button class="link" aria-current={isChosen} title={frame.path} aria-label={say('drive.details', { path: frame.path })} onClick={() => choose(frame.path)}>{frame.path.split('/').at(-1)}</button></span>
      <span role="cell" class="why" title={why}>{why}</span>
      <span role="cell" class="number earned">{frame.points === '0' ? '–' : pointsText(frame.points)}</span>
    </div>
  );
}

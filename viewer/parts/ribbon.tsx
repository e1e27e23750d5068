import type { JSX } from 'preact';
import type { DriveFrame } from '../answers.ts';
import { highlighted } from '../moment.ts';
import { runsOf } from '../runs.ts';
import { numberText } from '../quantities.ts';
import { STATUSES, statusOf } from '../status.ts';
import { say } from '../words.ts';
import { Shape } from './verdict-chip.tsx';

interface RibbonProps {
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
}

/** How high a stretch stands on the ribbon, of 40: its status can be read without its colour. */
const HEIGHTS = { accepted: 34, flagged: 26, rejected: 16, unverified: 22, 'left-out': 5, processing: 10, withdrawn: 7 } as const;
const RIBBON = 40;

/** All frames of a drive in order, as one band; a slider walks along it. */
export function Ribbon({ frames, chosen, choose }: RibbonProps): JSX.Element {
  const at = chosen === null ? 0 : frames.indexOf(chosen);
  const present = STATUSES.filter((status) => frames.some(({ state }) => statusOf(state) === status));
  const marked = useMarked(frames);
  const pick = (index: number): void => choose(frames[index]?.path ?? null);
  const status = say(`status.${statusOf(frames[at]!.state)}`);
  return (
    <section class="ribbon" aria-labelledby="ribbon-title">
      <h2 id="ribbon-title">{say('drive.ribbon')}</h2>
      <svg viewBox={`0 0 ${frames.length} ${RIBBON}`} preserveAspectRatio="none" aria-hidden="true"
        onClick={(event) => pick(Math.floor((event.offsetX / event.currentTarget.clientWidth) * frames.length))}>
        {runsOf(frames).map((run) => (
          <rect key={run.from} class={run.status} x={run.from} y={RIBBON - HEIGHTS[run.status]} width={run.to - run.from} height={HEIGHTS[run.status]} />
        ))}
        {marked !== null && <rect class="marked" x={marked[0]} y={0} width={marked[1] - marked[0]} height={RIBBON} />}
        {chosen !== null && <><line class="halo" x1={at + 0.5} x2={at + 0.5} y1={0} y2={RIBBON} /><line class="cursor" x1={at + 0.5} x2={at + 0.5} y1={0} y2={RIBBON} /></>}
      </svg>
      <input type="range" min={0} max={frames.length - 1} value={at} aria-label={say('drive.ribbon.slider')}
        aria-valuetext={say('drive.ribbon.at', { number: at + 1, of: frames.length, status })} onInput={({ currentTarget }) => pick(Number(currentTarget.value))} />
      <p class="ribbon-key">{present.map((one) => <span key={one}><Shape status={one} />{say(`status.${one}`)}</span>)}<span class="muted">{numberText(at + 1)} / {numberText(frames.length)}</span></p>
    </section>
  );
}

// The frames of the stretch that is looked at.
function useMarked(frames: readonly DriveFrame[]): readonly [number, number] | null {
  const span = highlighted.value;
  if (span === null) return null;
  const isInside = ({ capturedAt }: DriveFrame): boolean => capturedAt !== null && Date.parse(capturedAt) / 1000 >= span.fromS && Date.parse(capturedAt) / 1000 < span.toS;
  const from = frames.findIndex(isInside);
  return from < 0 ? null : [from, frames.findLastIndex(isInside) + 1];
}

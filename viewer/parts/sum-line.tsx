import type { JSX } from 'preact';
import type { DriveCounts } from '../answers.ts';
import { numberText } from '../quantities.ts';
import type { FrameFilter } from '../route.ts';
import type { Status } from '../status.ts';
import { addendsOf } from '../sum.ts';
import { say } from '../words.ts';
import { Shape } from './verdict-chip.tsx';

interface SumLineProps {
  readonly counts: DriveCounts;
  /** Given, each part is a button that shows its frames. */
  readonly pick?: (show: FrameFilter) => void;
  readonly show?: FrameFilter;
}

/** Received = accepted + in review + …: nothing that arrived disappears. */
export function SumLine({ counts, pick, show }: SumLineProps): JSX.Element {
  const parts = addendsOf(counts).filter(({ frames }) => frames > 0);
  if (parts.length === 0) return <p class="sum-line"><span class="total"><b>{numberText(counts.received)}</b> {say('sum.none')}</span></p>;
  return (
    <p class="sum-line">
      <span class="total"><b>{numberText(counts.received)}</b> {say('sum.equals')}</span>
      {parts.map(({ status, frames }, index) => (
        <span key={status} class="addend">
          {index > 0 && <span class="plus">+</span>}
          {pick !== undefined && isFilter(status)
            ? <button class="part" aria-pressed={show === status} onClick={() => pick(show === status ? 'all' : status)}><Addend status={status} frames={frames} /></button>
            : <span class="part"><Addend status={status} frames={frames} /></span>}
        </span>
      ))}
    </p>
  );
}

function Addend({ status, frames }: { readonly status: Status; readonly frames: number }): JSX.Element {
  return <><Shape status={status} /><b>{numberText(frames)}</b> {say(`sum.${status}`)}</>;
}

function isFilter(status: Status): status is Status & FrameFilter {
  return status !== 'processing' && status !== 'withdrawn';
}

import type { JSX } from 'preact';
import type { FrameAnswer } from '../answers.ts';
import { agoOfDay, dayText } from '../dates.ts';
import { headingText, placeText } from '../quantities.ts';
import { say } from '../words.ts';
import { CopyButton } from './copy-button.tsx';

/** The day and part of the day of a frame; nobody but its owner is told the second. */
export function Captured({ frame }: { readonly frame: Pick<FrameAnswer, 'capturedOn' | 'partOfDay'> }): JSX.Element {
  const { capturedOn, partOfDay } = frame;
  if (capturedOn === null) return <>{say('unknown')}</>;
  const day = dayText(capturedOn);
  return <time dateTime={capturedOn} title={agoOfDay(capturedOn)}>{partOfDay === null ? day : say('frame.day.part', { day, part: say(`part.${partOfDay}`) })}</time>;
}

/** Where a frame was taken, to copy. */
export function Place({ frame }: { readonly frame: Pick<FrameAnswer, 'latDeg' | 'lonDeg'> }): JSX.Element {
  if (frame.latDeg === null || frame.lonDeg === null) return <>{say('unknown')}</>;
  const text = placeText(frame.latDeg, frame.lonDeg);
  return <>{text} <CopyButton text={text} /></>;
}

/** Where a frame looks. */
export function Heading({ deg }: { readonly deg: number | null }): JSX.Element {
  return <>{deg === null ? say('unknown') : headingText(deg)}</>;
}

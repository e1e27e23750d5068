import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrameAnswer } from '../answers.ts';
import { announce } from '../announce.ts';
import { ask } from '../api.ts';
import { useKeys } from '../keys.ts';
import { go, replaceWith } from '../navigation.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';
import { altOf, Picture } from './picture.tsx';

const PLAY_MS = 700;
const STRIDE = 10;

/** The picture, and the steps along its drive. */
export function FrameStage({ frame }: { readonly frame: FrameAnswer }): JSX.Element {
  const [playing, setPlaying] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const previous = (): void => step(frame.previous, 'frame.first');
  const next = (): void => step(frame.next, 'frame.last');
  const full = (): void => { void (document.fullscreenElement === null ? stage.current?.requestFullscreen() : document.exitFullscreen()); };
  useKeys([
    { keys: ['ArrowRight', 'PageDown'], words: 'keys.next', run: next },
    { keys: ['ArrowLeft', 'PageUp'], words: 'keys.previous', run: previous },
    { keys: ['Shift+ArrowRight'], words: 'keys.ten.next', run: () => void stride(frame, 'next') },
    { keys: ['Shift+ArrowLeft'], words: 'keys.ten.previous', run: () => void stride(frame, 'previous') },
    { keys: [' '], words: 'keys.play', run: () => setPlaying(!playing) },
    { keys: ['f'], words: 'keys.full', run: full },
    { keys: ['y'], words: 'keys.copy', run: () => void copyLink() },
  ], [frame, playing]);
  useEffect(() => {
    if (!playing) return undefined;
    if (frame.next === null) {
      setPlaying(false);
      return undefined;
    }
    const following = frame.next;
    const soon = setTimeout(() => replaceWith({ page: 'frame', id: following }), PLAY_MS);
    return () => clearTimeout(soon);
  }, [playing, frame]);
  const withheld = frame.pictureUrl === null;
  return (
    <div class="stage" ref={stage}>
      {withheld
        ? <div class="withheld"><h2>{say('frame.withheld.title')}</h2><p>{say('frame.withheld.text')}</p></div>
        : <Picture url={frame.pictureUrl} alt={altOf(frame)} />}
      <div class="steps" role="group" aria-label={say('frame.steps')}>
        <button onClick={previous} disabled={frame.previous === null}><Icon name="left" /><span>{say('frame.previous')}</span></button>
        <button onClick={() => setPlaying(!playing)} disabled={frame.next === null} aria-label={say(playing ? 'frame.pause' : 'frame.play')}><Icon name={playing ? 'pause' : 'play'} /></button>
        <button onClick={next} disabled={frame.next === null}><span>{say('frame.next')}</span><Icon name="right" /></button>
        {document.fullscreenEnabled && <button class="full" onClick={full} aria-label={say('frame.full')}><Icon name="full" /></button>}
      </div>
    </div>
  );
}

function step(id: string | null, edge: 'frame.first' | 'frame.last'): void {
  if (id === null) announce(say(edge));
  else go({ page: 'frame', id });
}

// There is no address for "ten on", so the steps between are asked for, without their pictures.
async function stride(frame: FrameAnswer, direction: 'next' | 'previous'): Promise<void> {
  let at = frame;
  for (let n = 0; n < STRIDE; n++) {
    const id = at[direction];
    if (id === null) break;
    at = await ask<FrameAnswer>(`/api/frames/${id}`);
  }
  if (at.id !== frame.id) go({ page: 'frame', id: at.id });
}

async function copyLink(): Promise<void> {
  const done = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  announce(say(done === true ? 'copied' : 'copy.refused'));
}

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CaseFrame } from '../answers.ts';
import { clockText } from '../dates.ts';
import { headingText } from '../quantities.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';
import { Picture } from './picture.tsx';

interface CaseFilmProps {
  readonly frames: readonly CaseFrame[];
  readonly at: number;
  readonly choose: (index: number) => void;
  readonly playing: boolean;
  readonly play: (playing: boolean) => void;
  readonly zone: string;
}

/** Small pictures to either side that are loaded; the others are only numbers until they come near. */
const NEAR = 8;

/** The pictures of a case: one large, all of them as a strip below. */
export function CaseFilm({ frames, at, choose, playing, play, zone }: CaseFilmProps): JSX.Element {
  const strip = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const chosen = strip.current?.children[at];
    if (strip.current !== null && chosen instanceof HTMLElement) strip.current.scrollLeft = chosen.offsetLeft - strip.current.clientWidth / 2 + chosen.clientWidth / 2;
  }, [at]);
  const frame = frames[at]!;
  const where = say('case.picture', { number: at + 1, of: frames.length });
  const alt = frame.headingDeg === null ? where : say('case.picture.heading', { picture: where, heading: headingText(frame.headingDeg) });
  return (
    <section class="film" aria-label={say('case.film')}>
      <div class="stage">
        {frame.pictureUrl === null ? <span class="no-thumb">{say('drive.no.picture')}</span> : <Picture url={frame.pictureUrl} alt={alt} />}
        <div class="steps" role="group" aria-label={say('case.steps')}>
          <button aria-label={say('frame.previous')} disabled={at === 0} onClick={() => choose(at - 1)}><Icon name="left" /></button>
          <button aria-label={say(playing ? 'frame.pause' : 'frame.play')} disabled={!playing && at === frames.length - 1} onClick={() => play(!playing)}><Icon name={playing ? 'pause' : 'play'} /></button>
          <button aria-label={say('frame.next')} disabled={at === frames.length - 1} onClick={() => choose(at + 1)}><Icon name="right" /></button>
          <span class="number">{where} · {clockText(frame.atS, zone)}</span>
        </div>
      </div>
      <ol class="film-strip" ref={strip} tabIndex={0} aria-label={say('case.film')}>
        {frames.map(({ id, thumbUrl }, index) => (
          <li key={id}>
            <button aria-label={say('case.picture', { number: index + 1, of: frames.length })} aria-current={index === at ? 'true' : undefined} onClick={() => choose(index)}>
              {thumbUrl !== null && Math.abs(index - at) <= NEAR ? <Picture url={thumbUrl} alt="" /> : <span>{index + 1}</span>}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

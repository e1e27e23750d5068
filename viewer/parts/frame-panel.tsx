import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FrameAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { draw, drawInSight, framesHere, pointOf, select } from '../selection.ts';
import { config, street } from '../street.ts';
import { say } from '../words.ts';
import { Facts } from './facts.tsx';
import { Captured, Heading, Place } from './frame-facts.tsx';
import { LicenceLine } from './licence-line.tsx';
import { Panel } from './panel.tsx';
import { altOf, Picture } from './picture.tsx';
import { Trouble } from './trouble.tsx';
import { VerdictChip } from './verdict-chip.tsx';
import { statusOf } from '../status.ts';

/** A frame that is selected on the map, with the others at the same place. */
export function FramePanel({ id }: { readonly id: string }): JSX.Element {
  const { answer, refused, again } = useAsked<FrameAnswer>(`/api/frames/${id}`);
  const map = street.value;
  useEffect(() => {
    if (map === null || answer === null || answer.latDeg === null || answer.lonDeg === null) return undefined;
    drawInSight(map, pointOf({ latDeg: answer.latDeg, lonDeg: answer.lonDeg }, answer.headingDeg), [answer.lonDeg, answer.latDeg]);
    return () => draw(map, null);
  }, [map, answer]);
  return (
    <Panel id="frame" title={say('frame.panel')} close={() => select(null)}>
      {answer !== null && <FrameBody frame={answer} />}
      {answer === null && refused === null && <div class="skeleton tall" aria-label={say('loading')} />}
      {refused !== null && (refused.status === 404 || refused.status === 410 ? <p>{say(`frame.gone.${refused.status}.title`)}</p> : <Trouble refused={refused} again={again} />)}
      <SamePlace id={id} />
    </Panel>
  );
}

function FrameBody({ frame }: { readonly frame: FrameAnswer }): JSX.Element {
  return (
    <>
      <a class="thumb large" href={`/frames/${frame.id}`}>
        <Picture url={frame.thumbUrl} alt={altOf(frame)} />
        <span class="caption">{say('frame.open')}</span>
      </a>
      <p><VerdictChip status={statusOf(frame.state)} /></p>
      <Facts facts={[
        [say('frame.captured'), <Captured key="captured" frame={frame} />],
        [say('frame.heading'), <Heading key="heading" deg={frame.headingDeg} />],
        [say('frame.place'), <Place key="place" frame={frame} />],
      ]} />
      <LicenceLine licences={[frame.licence]} attribution={frame.attribution} config={config.value} />
    </>
  );
}

function SamePlace({ id }: { readonly id: string }): JSX.Element | null {
  const here = framesHere.value;
  if (here.length < 2 || !here.includes(id)) return null;
  return (
    <>
      <h3>{say('frame.same.place', { frames: here.length })}</h3>
      <ol class="same-place">
        {here.map((other, index) => (
          <li key={other}>
            <button class="link" aria-current={other === id} onClick={() => select({ kind: 'frame', id: other })}>{say('frame.same.place.one', { number: index + 1 })} <code>{other.slice(0, 8)}</code></button>
          </li>
        ))}
      </ol>
    </>
  );
}

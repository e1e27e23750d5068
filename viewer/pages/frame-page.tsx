import type { JSX } from 'preact';
import type { FrameAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { FrameAside } from '../parts/frame-aside.tsx';
import { Captured, Heading, Place } from '../parts/frame-facts.tsx';
import { Facts } from '../parts/facts.tsx';
import { FrameStage } from '../parts/frame-stage.tsx';
import { FrameWhere } from '../parts/frame-where.tsx';
import { Icon } from '../parts/icon.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { quantityText } from '../quantities.ts';
import { hrefOf, type MapQuery } from '../route.ts';
import { lastMap } from '../street.ts';
import { say } from '../words.ts';
import { Notice } from './missing-page.tsx';

const GONE = [202, 404, 410];

/** One picture: what it shows, what was measured, and its neighbours in the same drive. */
export function FramePage({ id }: { readonly id: string }): JSX.Element {
  const { answer, refused, again, last } = useAsked<FrameAnswer>(`/api/frames/${id}`);
  // The picture before stays on screen until the next one is known: stepping through a drive does not flicker.
  const frame = answer ?? last;
  if (refused !== null && answer === null) {
    const gone = GONE.includes(refused.status) || refused.status === 400;
    const status = refused.status === 400 ? 404 : refused.status;
    if (gone) return <Notice sign={status === 410 ? '⊘' : status === 202 ? '◌' : '?'} title={say(`frame.gone.${status}.title`)} text={say(`frame.gone.${status}.text`)} />;
    return <main id="main" class="page"><h1 tabIndex={-1}>{say('page.frame')}</h1><Trouble refused={refused} again={again} /></main>;
  }
  return (
    <main id="main" class="frame-page">
      <header class="frame-title">
        <a class="back" href={hrefOf({ page: 'map', query: backTo(lastMap.value, frame) })}><Icon name="left" />{say('frame.back')}</a>
        <h1 tabIndex={-1}>{titleOf(frame)}</h1>
        {frame !== null && <p class="muted"><Captured frame={frame} />{frame.headingDeg !== null && <> · <Heading deg={frame.headingDeg} /></>}</p>}
      </header>
      {frame === null
        ? <div class="stage skeleton" aria-label={say('loading')} />
        : <FrameStage frame={frame} />}
      <FrameWhere frame={frame} />
      {frame !== null && <FrameDetails frame={frame} />}
      {frame !== null && <FrameAside frame={frame} />}
    </main>
  );
}

function titleOf(frame: FrameAnswer | null): string {
  const position = frame?.position ?? null;
  return position === null ? say('frame.title.alone') : say('frame.title', { number: position.number, of: position.of });
}

// Whoever came by a link to the picture has no map to go back to: then it is the map around the picture.
function backTo(query: MapQuery, frame: FrameAnswer | null): MapQuery {
  if (query.at !== null || frame === null || frame.latDeg === null || frame.lonDeg === null) return query;
  return { ...query, frame: frame.id, at: { zoom: 17, latDeg: frame.latDeg, lonDeg: frame.lonDeg } };
}

function FrameDetails({ frame }: { readonly frame: FrameAnswer }): JSX.Element {
  return (
    <section class="frame-details" aria-labelledby="facts-title">
      <h2 id="facts-title" class="unseen">{say('frame.facts')}</h2>
      <Facts facts={[
        [say('frame.captured'), <Captured key="captured" frame={frame} />],
        [say('frame.heading'), <Heading key="heading" deg={frame.headingDeg} />],
        [say('frame.place'), <Place key="place" frame={frame} />],
        [say('frame.accuracy'), frame.haccM === null ? say('unknown') : quantityText(frame.haccM, 'm')],
      ]} />
    </section>
  );
}

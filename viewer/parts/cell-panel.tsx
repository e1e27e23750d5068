import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CellAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { agoOfDay, dayText } from '../dates.ts';
import { percentText } from '../quantities.ts';
import { draw, drawInSight, outlineOf, select } from '../selection.ts';
import { config, street } from '../street.ts';
import { say } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { Facts } from './facts.tsx';
import { HeadingRose } from './heading-rose.tsx';
import { LicenceLine } from './licence-line.tsx';
import { Panel } from './panel.tsx';
import { Trouble } from './trouble.tsx';

/** One cell: how much it holds, how fresh, looking where, and its newest pictures. */
export function CellPanel({ h3 }: { readonly h3: string }): JSX.Element {
  const { answer, refused, again } = useAsked<CellAnswer>(`/api/cells/${h3}`);
  useOutline(h3);
  const title = <>{say('cell.title')} <code>{h3}</code> <CopyButton text={h3} /></>;
  return (
    <Panel id="cell" title={title} close={() => select(null)}>
      {answer !== null && <CellBody cell={answer} />}
      {answer === null && refused === null && <div class="skeleton tall" aria-label={say('loading')} />}
      {refused !== null && (refused.status === 404 ? <p>{say('cell.empty')}</p> : <Trouble refused={refused} again={again} />)}
    </Panel>
  );
}

function CellBody({ cell }: { readonly cell: CellAnswer }): JSX.Element {
  const [first, ...others] = cell.newest;
  return (
    <>
      {first !== undefined && <Thumb frame={first} large />}
      <p class="headline">
        {say('cell.frames', { frames: cell.frames })} · {say(cell.contributorsExact ? 'cell.contributors' : 'cell.contributors.about', { contributors: cell.contributors })}
      </p>
      <Facts facts={[
        [say('cell.last'), <time key="last" dateTime={cell.lastCapturedOn} title={dayText(cell.lastCapturedOn)}>{agoOfDay(cell.lastCapturedOn)}</time>],
        [say('cell.first'), <time key="first" dateTime={cell.firstCapturedOn} title={agoOfDay(cell.firstCapturedOn)}>{dayText(cell.firstCapturedOn)}</time>],
        [say('cell.quality'), cell.quality === null ? say('measure.quality.unknown') : percentText(cell.quality)],
        [say('cell.resolution'), String(cell.resolution)],
      ]} />
      <HeadingRose headings={cell.headings} unheaded={cell.unheaded} />
      {others.length > 0 && (
        <>
          <h3>{say('cell.newest')}</h3>
          <ul class="thumbs">{others.map((frame) => <li key={frame.id}><Thumb frame={frame} /></li>)}</ul>
        </>
      )}
      <LicenceLine licences={cell.licences} attribution={cell.attribution} config={config.value} />
    </>
  );
}

function Thumb({ frame, large = false }: { readonly frame: CellAnswer['newest'][number]; readonly large?: boolean }): JSX.Element {
  const alt = say('frame.alt.short', { day: dayText(frame.capturedOn) });
  return (
    <a class={large ? 'thumb large' : 'thumb'} href={`/frames/${frame.id}`}>
      {frame.thumbUrl === null ? <span class="no-thumb">{say('frame.not.published.short')}</span> : <img src={frame.thumbUrl} alt={alt} loading="lazy" />}
      {large && <span class="caption">{say('cell.open.newest')}</span>}
    </a>
  );
}

function useOutline(h3: string): void {
  const map = street.value;
  useEffect(() => {
    if (map === null) return undefined;
    let current = true;
    const outline = async (): Promise<void> => {
      const shape = await outlineOf(h3);
      if (current && shape !== null) drawInSight(map, shape.outline, shape.centre);
    };
    void outline();
    return () => {
      current = false;
      draw(map, null);
    };
  }, [map, h3]);
}

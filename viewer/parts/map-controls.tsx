import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { today } from '../clock.ts';
import { isoDay } from '../dates.ts';
import { amendMap } from '../navigation.ts';
import { percentText } from '../quantities.ts';
import { MEASURES } from '../ramp.ts';
import type { MapQuery, Since } from '../route.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

const SPANS = [7, 30, 365] as const;
const LEAST_QUALITY = [0.25, 0.5, 0.75] as const;

// Only on a phone, where the controls fold away under one button.
const unfolded = signal(false);

/** What the map is coloured by, and which captures count. */
export function MapControls({ query }: { readonly query: MapQuery }): JSX.Element {
  return (
    <div class={`map-controls${unfolded.value ? ' unfolded' : ''}`}>
      <button class="layers card" aria-expanded={unfolded.value} onClick={() => { unfolded.value = !unfolded.value; }}>
        <Icon name="layers" />{say(`measure.${query.by}`)}<Icon name={unfolded.value ? 'up' : 'down'} />
      </button>
      <div class="controls card">
        <MeasureChoice query={query} />
        <SinceChoice since={query.since} />
        <label class="choice">
          <span>{say('filter.quality')}</span>
          <select value={query.quality === null ? '' : String(query.quality)} onChange={({ currentTarget: { value } }) => amendMap({ quality: value === '' ? null : Number(value) }, 'step')}>
            <option value="">{say('filter.any')}</option>
            {LEAST_QUALITY.map((least) => <option key={least} value={String(least)}>{say('filter.quality.least', { least: percentText(least) })}</option>)}
          </select>
        </label>
      </div>
    </div>
  );
}

function MeasureChoice({ query }: { readonly query: MapQuery }): JSX.Element {
  return (
    <fieldset class="segments">
      <legend>{say('filter.colour')}</legend>
      <div>
        {MEASURES.map((measure) => (
          <label key={measure}>
            <input type="radio" name="by" value={measure} checked={query.by === measure} onChange={() => amendMap({ by: measure, off: [] }, 'step')} />
            <span>{say(`measure.${measure}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SinceChoice({ since }: { readonly since: Since | null }): JSX.Element {
  const value = since === null ? '' : 'days' in since ? String(since.days) : 'span';
  const spans = since !== null && 'days' in since && !SPANS.some((days) => days === since.days) ? [since.days, ...SPANS] : SPANS;
  return (
    <div class="choice">
      <label for="since">{say('filter.captured')}</label>
      <select id="since" value={value} onChange={(event) => amendMap({ since: sinceOf(event.currentTarget.value) }, 'step')}>
        <option value="">{say('filter.any.time')}</option>
        {spans.map((days) => <option key={days} value={String(days)}>{say('filter.days', { days })}</option>)}
        <option value="span">{say('filter.span')}</option>
      </select>
      {since !== null && 'from' in since && (
        <span class="span">
          <input type="date" aria-label={say('filter.from')} value={since.from} max={since.to} onChange={({ currentTarget }) => { if (currentTarget.value !== '') amendMap({ since: { ...since, from: currentTarget.value } }); }} />
          <span aria-hidden="true">–</span>
          <input type="date" aria-label={say('filter.to')} value={since.to} min={since.from} onChange={({ currentTarget }) => { if (currentTarget.value !== '') amendMap({ since: { ...since, to: currentTarget.value } }); }} />
        </span>
      )}
    </div>
  );
}

function sinceOf(value: string): Since | null {
  if (value === '') return null;
  return value === 'span' ? { from: isoDay(today() - 90), to: isoDay(today()) } : { days: Number(value) };
}

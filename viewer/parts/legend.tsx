import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { passes } from '../coverage-style.ts';
import { amendMap } from '../navigation.ts';
import { numberText, percentText } from '../quantities.ts';
import { classOf, type Measure, type RampClass } from '../ramp.ts';
import type { MapQuery } from '../route.ts';
import { cellsInView, lookOf } from '../street.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

/** Whether the legend is unfolded: null until the reader chooses, then as the width of the screen has it (CSS). */
export const legendOpen = signal<boolean | null>(null);

/** What the colours mean, made from the same classes as the map's paint; each class switches its cells off and on. */
export function Legend({ query }: { readonly query: MapQuery }): JSX.Element {
  const look = lookOf(query);
  const passing = cellsInView.value.filter((cell) => passes(cell, look));
  const counts = new Map<number, number>();
  for (const cell of passing) {
    const index = classOf(cell, query.by, look.ramp);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const shown = passing.length - query.off.reduce((sum, index) => sum + (counts.get(index) ?? 0), 0);
  const fold = legendOpen.value;
  return (
    <section class={`legend card${fold === null ? '' : fold ? ' open' : ' folded'}`} aria-labelledby="legend-title">
      <header>
        <h2 id="legend-title">{say(`measure.${query.by}.legend`)}</h2>
        <button class="fold" aria-label={say('legend.fold')} onClick={() => { legendOpen.value = !isOpen(); }}>
          <Icon name="down" />
        </button>
      </header>
      <ul>
        {look.ramp.map((entry) => (
          <li key={entry.index}>
            <ClassToggle entry={entry} count={counts.get(entry.index) ?? 0} query={query} />
          </li>
        ))}
        <li class="none"><span class="swatch hollow" />{say('legend.none')}</li>
      </ul>
      <footer>
        <span>{shown === cellsInView.value.length
          ? say('legend.cells', { cells: shown })
          : say('legend.cells.filtered', { shown, cells: cellsInView.value.length })}</span>
        <button class="link" id="open-list" aria-expanded={query.list} onClick={() => amendMap({ list: !query.list }, 'step')}>
          {say(query.list ? 'list.hide' : 'list.show')}
        </button>
      </footer>
    </section>
  );
}

/** Whether the legend is unfolded now, chosen or by the width of the screen. */
export function isOpen(): boolean {
  return legendOpen.peek() ?? window.matchMedia('(min-width: 720px)').matches;
}

function ClassToggle({ entry, count, query }: { readonly entry: RampClass; readonly count: number; readonly query: MapQuery }): JSX.Element {
  const on = !query.off.includes(entry.index);
  const off = on ? [...query.off, entry.index].toSorted() : query.off.filter((index) => index !== entry.index);
  return (
    <button class="class" aria-pressed={on} title={say(on ? 'legend.switch.off' : 'legend.switch.on')} onClick={() => amendMap({ off })}>
      <span class="swatch" style={{ background: on ? entry.colour : 'transparent', borderColor: entry.colour }} />
      <span class="bound">{boundText(query.by, entry)}</span>
      <span class="amount">{numberText(count)}</span>
    </button>
  );
}

/** What a class of a measure is called. */
export function boundText(measure: Measure, { from, bound }: RampClass): string {
  if (from === undefined) return say(`measure.${measure}.unknown`);
  if (bound === null) return say(`measure.${measure}.rest`);
  return say(`measure.${measure}.bound`, measure === 'quality' ? { bound: percentText(bound / 100) } : { bound });
}

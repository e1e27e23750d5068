import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useKeys } from '../keys.ts';
import { amendMap } from '../navigation.ts';
import { MEASURES } from '../ramp.ts';
import { CellTable } from '../parts/cell-table.tsx';
import { EmptyNote } from '../parts/empty-note.tsx';
import { HoverNote } from '../parts/hover-note.tsx';
import { isOpen, Legend, legendOpen } from '../parts/legend.tsx';
import { MapButtons } from '../parts/map-buttons.tsx';
import { MapControls } from '../parts/map-controls.tsx';
import { MapSlot } from '../parts/map-slot.tsx';
import { SelectionPanel } from '../parts/selection-panel.tsx';
import { TileStrip } from '../parts/tile-strip.tsx';
import type { MapQuery } from '../route.ts';
import { select, selectAt } from '../selection.ts';
import { cellsInView, clickOn, overlaysVisible, street } from '../street.ts';
import { say } from '../words.ts';

/** The map of everything that was accepted, and what is selected on it. */
export function MapPage({ query }: { readonly query: MapQuery }): JSX.Element {
  useMapKeys(query);
  useClicks();
  const panel = query.frame !== null || query.cell !== null || query.drive !== null;
  return (
    <main id="main" class={`map-page${panel ? ' has-panel' : ''}${query.list ? ' has-list' : ''}`}>
      <h1 class="unseen" tabIndex={-1}>{say('map.title')}</h1>
      <MapSlot class="map-full" cooperative={false} label={say('map.label', { cells: cellsInView.value.length })} />
      <div class="map-top">
        <MapControls query={query} />
        <TileStrip />
        <EmptyNote query={query} />
      </div>
      <div class="map-bottom">
        <Legend query={query} />
      </div>
      <MapButtons />
      <HoverNote />
      {query.list && <CellTable query={query} />}
      {panel && <SelectionPanel query={query} />}
    </main>
  );
}

function useClicks(): void {
  const map = street.value;
  useEffect(() => {
    if (map === null) return undefined;
    clickOn.run = (point) => selectAt(map, point);
    return () => {
      clickOn.run = () => undefined;
    };
  }, [map]);
}

function useMapKeys(query: MapQuery): void {
  const next = MEASURES[(MEASURES.indexOf(query.by) + 1) % MEASURES.length]!;
  useKeys([
    { keys: ['c'], words: 'keys.colour', run: () => amendMap({ by: next, off: [] }, 'step') },
    { keys: ['l'], words: 'keys.legend', run: () => { legendOpen.value = !isOpen(); } },
    { keys: ['h'], words: 'keys.hide', run: () => { overlaysVisible.value = !overlaysVisible.value; } },
    { keys: ['d'], words: 'keys.list', run: () => amendMap({ list: !query.list }, 'step') },
    { keys: ['Escape'], words: 'keys.close', run: () => (query.list ? amendMap({ list: false }, 'step') : select(null)) },
  ], [query]);
}

import type { JSX } from 'preact';
import { CellTable } from '../parts/cell-table.tsx';
import { HoverNote } from '../parts/hover-note.tsx';
import { Legend } from '../parts/legend.tsx';
import { MapButtons } from '../parts/map-buttons.tsx';
import { MapControls } from '../parts/map-controls.tsx';
import { MapSlot } from '../parts/map-slot.tsx';
import { SelectionPanel } from '../parts/selection-panel.tsx';
import { TileStrip } from '../parts/tile-strip.tsx';
import type { MapQuery } from '../route.ts';
import { cellsInView } from '../street.ts';
import { say } from '../words.ts';

/** The map of everything that was accepted, and what is selected on it. */
export function MapPage({ query }: { readonly query: MapQuery }): JSX.Element {
  const panel = query.frame !== null || query.cell !== null || query.drive !== null;
  return (
    <main id="main" class={`map-page${panel ? ' has-panel' : ''}${query.list ? ' has-list' : ''}`}>
      <h1 class="unseen" tabIndex={-1}>{say('map.title')}</h1>
      <MapSlot class="map-full" cooperative={false} label={say('map.label', { cells: cellsInView.value.length })} />
      <div class="map-top">
        <MapControls query={query} />
        <TileStrip />
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

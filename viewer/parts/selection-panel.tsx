import type { JSX } from 'preact';
import type { MapQuery } from '../route.ts';
import { lastClick, select, selectNearest } from '../selection.ts';
import { street } from '../street.ts';
import { say } from '../words.ts';
import { CellPanel } from './cell-panel.tsx';
import { FramePanel } from './frame-panel.tsx';
import { Panel } from './panel.tsx';

/** What is selected on the map: a frame, a cell, or a line. */
export function SelectionPanel({ query }: { readonly query: MapQuery }): JSX.Element | null {
  if (query.frame !== null) return <FramePanel id={query.frame} />;
  if (query.cell !== null) return <CellPanel h3={query.cell} />;
  return query.drive === null ? null : <LinePanel />;
}

// A line of the public map belongs to nobody: all it offers is the picture nearest to where it was clicked.
function LinePanel(): JSX.Element {
  const at = lastClick() ?? street.value?.centre() ?? null;
  return (
    <Panel id="line" title={say('line.title')} close={() => select(null)}>
      <p>{say('line.text')}</p>
      <p><button class="primary" disabled={at === null} onClick={() => { if (at !== null && street.value !== null) selectNearest(street.value, at); }}>{say('line.nearest')}</button></p>
    </Panel>
  );
}

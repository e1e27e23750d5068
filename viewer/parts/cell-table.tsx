import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { passes } from '../coverage-style.ts';
import { agoText, dayText, isoDay } from '../dates.ts';
import { amendMap } from '../navigation.ts';
import { numberText, percentText } from '../quantities.ts';
import { classOf, type CellProperties } from '../ramp.ts';
import type { MapQuery } from '../route.ts';
import { select } from '../selection.ts';
import { cellsInView, lookOf } from '../street.ts';
import { say } from '../words.ts';
import { boundText } from './legend.tsx';
import { Panel } from './panel.tsx';

const PAGE = 100;

/** Everything that the map shows, as a table that follows it. */
export function CellTable({ query }: { readonly query: MapQuery }): JSX.Element {
  const [rows, setRows] = useState(PAGE);
  const look = lookOf(query);
  const cells = cellsInView.value
    .filter((cell) => passes(cell, look) && !query.off.includes(classOf(cell, query.by, look.ramp)))
    .toSorted((a, b) => b.frames - a.frames || (a.h3 < b.h3 ? -1 : 1));
  return (
    <Panel id="list" title={say('list.title')} close={() => { amendMap({ list: false }, 'step'); document.getElementById('open-list')?.focus(); }}>
      <table class="cells">
        <caption>{say('list.caption', { shown: Math.min(rows, cells.length), cells: cells.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{say('list.cell')}</th><th scope="col" class="number">{say('list.frames')}</th>
            <th scope="col" class="number">{say('list.people')}</th><th scope="col">{say('list.last')}</th>
            <th scope="col" class="number">{say('list.quality')}</th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(0, rows).map((cell) => {
            const entry = look.ramp[classOf(cell, query.by, look.ramp)]!;
            return <CellRow key={cell.h3} cell={cell} colour={entry.colour} meaning={boundText(query.by, entry)} selected={cell.h3 === query.cell} />;
          })}
        </tbody>
      </table>
      {cells.length > rows && <button onClick={() => setRows(rows + PAGE)}>{say('list.more', { cells: Math.min(PAGE, cells.length - rows) })}</button>}
    </Panel>
  );
}

interface CellRowProps {
  readonly cell: CellProperties;
  readonly colour: string;
  readonly meaning: string;
  readonly selected: boolean;
}

function CellRow({ cell, colour, meaning, selected }: CellRowProps): JSX.Element {
  return (
    <tr class={selected ? 'selected' : ''}>
      <th scope="row">
        <span class="swatch" style={{ background: colour }} title={meaning} />
        <button class="link" aria-current={selected} onClick={() => select({ kind: 'cell', id: cell.h3 })}><code>{cell.h3}</code></button>
      </th>
      <td class="number">{numberText(cell.frames)}</td>
      <td class="number">{numberText(cell.contributors)}</td>
      <td><time dateTime={isoDay(cell.last)} title={dayText(isoDay(cell.last))}>{agoText(cell.last)}</time></td>
      <td class="number">{cell.quality === undefined ? '–' : percentText(cell.quality / 100)}</td>
    </tr>
  );
}

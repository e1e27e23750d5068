import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Column } from '../../shared/model/evidence.ts';
import type { EvidenceAnswer } from '../answers.ts';
import { clockText } from '../dates.ts';
import { rowAt } from '../evidence.ts';
import { momentS } from '../moment.ts';
import { fixedText } from '../quantities.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

const PAGE = 25;
const KMH_PER_MPS = 3.6;

/** The plots as a table, a page at a time; it opens where the cursor is. */
export function EvidenceTable({ evidence, zone }: { readonly evidence: EvidenceAnswer; readonly zone: string }): JSX.Element {
  const [page, setPage] = useState<number | null>(null);
  const pages = Math.ceil(evidence.tS.length / PAGE);
  const here = Math.min(page ?? 0, pages - 1);
  const open = (isOpen: boolean): void => setPage(isOpen ? Math.floor(rowAt(evidence.tS, momentS.peek() ?? evidence.tS[0]!) / PAGE) : null);
  const rows = evidence.tS.slice(here * PAGE, (here + 1) * PAGE);
  return (
    <details class="receipt evidence-table" onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>{say('plot.table')}</summary>
      {page !== null && (
        <>
          <div class="table-scroll" tabIndex={0} role="region" aria-label={say('plot.table.label')}>
            <table class="cells">
              <caption>{say('plot.table.caption', { from: here * PAGE + 1, to: here * PAGE + rows.length, of: evidence.tS.length })}</caption>
              <thead><tr>{(['plot.column.time', 'plot.column.speed', 'plot.column.reported', 'plot.column.course', 'plot.column.turned', 'plot.column.vibration'] as const).map((key) => <th key={key} scope="col" class="number">{say(key)}</th>)}</tr></thead>
              <tbody>{rows.map((tS, n) => <Row key={tS} evidence={evidence} row={here * PAGE + n} zone={zone} />)}</tbody>
            </table>
          </div>
          <p class="actions">
            <button disabled={here === 0} onClick={() => setPage(here - 1)}><Icon name="left" />{say('plot.table.previous')}</button>
            <span class="muted">{say('plot.table.page', { page: here + 1, of: pages })}</span>
            <button disabled={here === pages - 1} onClick={() => setPage(here + 1)}>{say('plot.table.next')}<Icon name="right" /></button>
          </p>
        </>
      )}
    </details>
  );
}

function Row({ evidence, row, zone }: { readonly evidence: EvidenceAnswer; readonly row: number; readonly zone: string }): JSX.Element {
  const cell = (column: Column, decimals: number, factor = 1): string => {
    const value = column[row] ?? null;
    return value === null ? '–' : fixedText(value * factor, decimals);
  };
  return (
    <tr>
      <th scope="row" class="number">{clockText(evidence.tS[row]!, zone)}</th>
      <td class="number">{cell(evidence.gnssSpeedMps, 1, KMH_PER_MPS)}</td>
      <td class="number">{cell(evidence.reportedSpeedMps, 1, KMH_PER_MPS)}</td>
      <td class="number">{cell(evidence.gnssCourseDeg, 0)}</td>
      <td class="number">{cell(evidence.imuCourseDeg, 0)}</td>
      <td class="number">{cell(evidence.vibrationMps2, 3)}</td>
    </tr>
  );
}

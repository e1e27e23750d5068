import type { JSX } from 'preact';
import { numberText } from '../quantities.ts';
import { say } from '../words.ts';

const POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
const OUTER = 34;
const HALF_RAD = (18 * Math.PI) / 180;

/** How many frames look into each of eight directions: a rose, and the same as text. */
export function HeadingRose({ headings, unheaded }: { readonly headings: readonly number[]; readonly unheaded: number }): JSX.Element | null {
  const most = Math.max(...headings, 0);
  if (most === 0 && unheaded === 0) return null;
  const said = POINTS.map((point, index) => ({ point, frames: headings[index] ?? 0 })).filter(({ frames }) => frames > 0);
  return (
    <section class="rose" aria-label={say('cell.headings')}>
      <svg viewBox="-40 -40 80 80" aria-hidden="true">
        <circle r={OUTER} class="ring" /><circle r={OUTER / 2} class="ring" />
        {headings.map((frames, index) => frames > 0 && <path key={POINTS[index]} d={petal(index, 8 + (OUTER - 8) * Math.sqrt(frames / most))} />)}
        <text y={-OUTER + 1} class="north">N</text>
      </svg>
      <div>
        <h3>{say('cell.headings')}</h3>
        <p>{said.map(({ point, frames }) => `${say(`compass.${point}`)} ${numberText(frames)}`).join(' · ')}</p>
        {unheaded > 0 && <p class="muted">{say('cell.unheaded', { frames: unheaded })}</p>}
      </div>
    </section>
  );
}

function petal(octant: number, length: number): string {
  const middle = (octant * Math.PI) / 4 - Math.PI / 2;
  const at = (angle: number): string => `${(Math.cos(angle) * length).toFixed(1)} ${(Math.sin(angle) * length).toFixed(1)}`;
  return `M0 0 L${at(middle - HALF_RAD)} A${length.toFixed(1)} ${length.toFixed(1)} 0 0 1 ${at(middle + HALF_RAD)} Z`;
}

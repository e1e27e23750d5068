import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { agoText } from '../dates.ts';
import type { Hit } from '../map.ts';
import { headingText } from '../quantities.ts';
import { pointed, street } from '../street.ts';
import { say } from '../words.ts';

const DELAY_MS = 120;

const hovered = signal<{ readonly hit: Hit; readonly x: number; readonly y: number } | null>(null);

/** A line beside the pointer about what it points at; touch has no pointer and needs none, since a tap selects. */
export function HoverNote(): JSX.Element | null {
  const point = pointed.value;
  useEffect(() => {
    if (point === null || !window.matchMedia('(hover: hover)').matches) {
      show(null);
      return undefined;
    }
    const soon = setTimeout(() => {
      const hit = street.peek()?.hitsAt(point)[0];
      show(hit === undefined ? null : { hit, x: point.x, y: point.y });
    }, DELAY_MS);
    return () => clearTimeout(soon);
  }, [point]);
  const note = hovered.value;
  if (note === null) return null;
  return <p class="hover-note" aria-hidden="true" style={{ left: `${note.x + 14}px`, top: `${note.y + 14}px` }}>{describe(note.hit)}</p>;
}

function show(next: typeof hovered.value): void {
  hovered.value = next;
  street.peek()?.hover(next?.hit.kind === 'cell' ? next.hit.id : null);
}

function describe({ kind, properties }: Hit): string {
  const last = agoText(Number(properties['last']));
  if (kind === 'cell') return say('hover.cell', { frames: Number(properties['frames']), contributors: Number(properties['contributors']), last });
  if (kind === 'drive') return say('hover.drive', { frames: Number(properties['frames']), last });
  const heading = properties['heading'];
  return heading === undefined ? say('hover.frame', { last }) : say('hover.frame.heading', { last, heading: headingText(Number(heading)) });
}

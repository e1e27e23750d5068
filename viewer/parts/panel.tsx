import type { ComponentChildren, JSX, TargetedPointerEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

/** Heights of the sheet on a phone, from low to high. */
const HEIGHTS = ['peek', 'half', 'full'] as const;
type Height = (typeof HEIGHTS)[number];

interface PanelProps {
  readonly id: string;
  readonly title: ComponentChildren;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** Beside the map on a wide screen; on a phone a sheet at its foot, raised by its buttons or by a drag. */
export function Panel({ id, title, close, children }: PanelProps): JSX.Element {
  const [height, setHeight] = useState<Height>('half');
  const at = HEIGHTS.indexOf(height);
  const handle = useDrag((up) => setHeight(HEIGHTS[Math.min(2, Math.max(0, at + (up ? 1 : -1)))]!));
  return (
    <aside class={`panel sheet-${height}`} aria-labelledby={`${id}-title`}>
      <header {...handle}>
        <span class="grip" aria-hidden="true" />
        <h2 id={`${id}-title`} tabIndex={-1}>{title}</h2>
        <button class="square sheet-only" disabled={at === 2} aria-label={say('panel.raise')} onClick={() => setHeight(HEIGHTS[at + 1] ?? height)}><Icon name="up" /></button>
        <button class="square sheet-only" disabled={at === 0} aria-label={say('panel.lower')} onClick={() => setHeight(HEIGHTS[at - 1] ?? height)}><Icon name="down" /></button>
        <button class="square" aria-label={say('panel.close')} onClick={close}><Icon name="close" /></button>
      </header>
      <div class="panel-body">{children}</div>
    </aside>
  );
}

const DRAG_PX = 36;

type OnPointer = (event: TargetedPointerEvent<HTMLElement>) => void;

interface Drag {
  readonly onPointerDown: OnPointer;
  readonly onPointerUp: OnPointer;
}

function useDrag(step: (up: boolean) => void): Drag {
  const from = useRef<number | null>(null);
  return {
    onPointerDown: (event) => {
      // A button in the header is pressed, not dragged.
      if (event.target instanceof Element && event.target.closest('button') !== null) return;
      from.current = event.clientY;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerUp: (event) => {
      if (from.current !== null && Math.abs(event.clientY - from.current) > DRAG_PX) step(event.clientY < from.current);
      from.current = null;
    },
  };
}

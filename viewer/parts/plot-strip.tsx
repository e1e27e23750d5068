import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { StripLook, StripTime } from '../plot.ts';
import type { Strip } from '../strips.ts';

interface PlotStripProps {
  readonly strip: Strip;
  readonly time: StripTime;
  readonly look: StripLook;
}

/** One strip of the plots; the slider around them and the table below say the same in words. */
export function PlotStrip({ strip, time, look }: PlotStripProps): JSX.Element {
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let close: (() => void) | null = null;
    let left = false;
    const draw = async (): Promise<void> => {
      // Loaded by the pages that have something to plot, and by no other.
      const { drawStrip } = await import('../plot.ts');
      if (!left && slot.current !== null) close = drawStrip(slot.current, strip, time, look);
    };
    void draw();
    return () => {
      left = true;
      close?.();
    };
  }, [strip, time, look.theme, look.widthPx, look.heightPx]);
  return <div class="plot-strip"><h3>{strip.title}</h3><div ref={slot} aria-hidden="true" style={{ blockSize: `${look.heightPx}px` }} /></div>;
}

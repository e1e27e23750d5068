import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { placeMap, street } from '../street.ts';

interface MapSlotProps {
  readonly class: string;
  /** One finger scrolls the page, two move the map: for maps within a page. */
  readonly cooperative: boolean;
  readonly label: string;
}

/** Where the one map of the app is shown. */
export function MapSlot({ class: name, cooperative, label }: MapSlotProps): JSX.Element {
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (slot.current !== null) void placeMap(slot.current, { cooperative, label });
  }, []);
  useEffect(() => street.value?.label(label), [label]);
  return <div class={`map-slot ${name}`} ref={slot} />;
}

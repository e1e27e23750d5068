import type { JSX } from 'preact';
import { config, street } from '../street.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

/** Zoom in, zoom out, everything: what gestures do, as buttons. */
export function MapButtons(): JSX.Element {
  const map = street.value;
  const bounds = config.value?.bounds ?? null;
  return (
    <div class="map-buttons card" role="group" aria-label={say('map.buttons')}>
      <button aria-label={say('map.zoom.in')} title={say('map.zoom.in')} onClick={() => map?.zoomBy(1)}><Icon name="plus" /></button>
      <button aria-label={say('map.zoom.out')} title={say('map.zoom.out')} onClick={() => map?.zoomBy(-1)}><Icon name="minus" /></button>
      {bounds !== null && (
        <button aria-label={say('map.fit')} title={say('map.fit')} onClick={() => map?.fit(bounds)}><Icon name="fit" /></button>
      )}
    </div>
  );
}

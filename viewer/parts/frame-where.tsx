import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FrameAnswer } from '../answers.ts';
import { draw, pointOf } from '../selection.ts';
import { clickOn, street } from '../street.ts';
import { go } from '../navigation.ts';
import { say } from '../words.ts';
import { MapSlot } from './map-slot.tsx';

const ZOOM = 16.5;

/** The map in a corner of the picture page: where it was taken, and where it looks. */
export function FrameWhere({ frame }: { readonly frame: FrameAnswer | null }): JSX.Element {
  const map = street.value;
  useEffect(() => {
    if (map === null || frame === null || frame.latDeg === null || frame.lonDeg === null) return;
    const place = { latDeg: frame.latDeg, lonDeg: frame.lonDeg };
    map.go({ ...place, zoom: ZOOM }, 'fly');
    draw(map, pointOf(place, frame.headingDeg));
  }, [map, frame]);
  useEffect(() => {
    if (map === null) return undefined;
    clickOn.run = (point) => {
      const hit = map.hitsAt(point).find(({ kind }) => kind === 'frame');
      if (hit !== undefined) go({ page: 'frame', id: hit.id });
      map.unfocus();
    };
    return () => {
      clickOn.run = () => undefined;
      draw(map, null);
    };
  }, [map]);
  return <MapSlot class="corner" cooperative label={say('map.label.corner')} />;
}

import type { Feature } from 'geojson';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { OVERLAYS } from '../coverage-style.ts';
import { draw, pointOf } from '../selection.ts';
import { clickOn, overlaysVisible, street } from '../street.ts';
import { boundsOf, nearestTo, type TrackFrame, trackOf } from '../track.ts';
import { say } from '../words.ts';
import { MapSlot } from './map-slot.tsx';

interface TrackMapProps {
  readonly frames: readonly TrackFrame[];
  readonly chosen: TrackFrame | null;
  readonly choose: (path: string | null) => void;
  /** What leads there and on from there. */
  readonly way?: readonly Feature[];
  readonly label?: string;
}

const NOTHING = trackOf([]);

/** The track of a drive by verdict; a click chooses the nearest frame. */
export function TrackMap({ frames, chosen, choose, way = NOTHING.features, label = say('map.label.track') }: TrackMapProps): JSX.Element {
  const map = street.value;
  useEffect(() => {
    overlaysVisible.value = false;
    return () => {
      overlaysVisible.value = true;
    };
  }, []);
  useEffect(() => {
    if (map === null) return undefined;
    const { features } = trackOf(frames);
    map.fill(OVERLAYS.track, { type: 'FeatureCollection', features: [...way, ...features] });
    return () => map.fill(OVERLAYS.track, NOTHING);
  }, [map, frames, way]);
  const first = frames[0]?.path;
  useEffect(() => {
    const bounds = boundsOf(frames);
    if (map !== null && bounds !== null) map.fit(bounds, 'tight');
  }, [map, first, frames.length]);
  useEffect(() => {
    if (map === null || chosen === null || chosen.latDeg === null || chosen.lonDeg === null) return undefined;
    const place = { latDeg: chosen.latDeg, lonDeg: chosen.lonDeg };
    draw(map, pointOf(place, chosen.headingDeg));
    map.reveal([place.lonDeg, place.latDeg]);
    return () => draw(map, null);
  }, [map, chosen]);
  useEffect(() => {
    if (map === null) return undefined;
    clickOn.run = (point) => {
      choose(nearestTo(frames, point.lonLat)?.path ?? null);
      map.unfocus();
    };
    return () => {
      clickOn.run = () => undefined;
    };
  }, [map, frames, choose]);
  return <MapSlot class="track" cooperative label={label} />;
}

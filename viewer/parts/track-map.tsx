import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DriveFrame } from '../answers.ts';
import { OVERLAYS } from '../coverage-style.ts';
import { draw, pointOf } from '../selection.ts';
import { clickOn, overlaysVisible, street } from '../street.ts';
import { boundsOf, nearestTo, trackOf } from '../track.ts';
import { say } from '../words.ts';
import { MapSlot } from './map-slot.tsx';

interface TrackMapProps {
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
}

const NOTHING = trackOf([]);

/** The track of a drive by verdict; a click chooses the nearest frame. */
export function TrackMap({ frames, chosen, choose }: TrackMapProps): JSX.Element {
  const map = street.value;
  useEffect(() => {
    overlaysVisible.value = false;
    return () => {
      overlaysVisible.value = true;
    };
  }, []);
  useEffect(() => {
    if (map === null) return undefined;
    map.fill(OVERLAYS.track, trackOf(frames));
    return () => map.fill(OVERLAYS.track, NOTHING);
  }, [map, frames]);
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
  return <MapSlot class="track" cooperative label={say('map.label.track')} />;
}

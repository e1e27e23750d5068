/** The resolution of the cells that each zoom shows, from 0; hexagons stay 20 to 60 pixels wide on a 512 pixel tile. */
const RESOLUTION_OF_ZOOM = [1, 1, 2, 3, 4, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12, 12, 12, 12] as const;

export const MAX_ZOOM = RESOLUTION_OF_ZOOM.length - 1;
/** Lines and points would be unreadable, and tiles heavy, below these. */
export const DRIVES_FROM_ZOOM = 12;
export const FRAMES_FROM_ZOOM = 16;

/** RangeError outside 0 to MAX_ZOOM. */
export function resolutionAt(zoom: number): number {
  const resolution = RESOLUTION_OF_ZOOM[zoom];
  if (resolution === undefined) throw new RangeError(`there is no zoom ${zoom}`);
  return resolution;
}

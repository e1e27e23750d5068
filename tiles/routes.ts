import type { Http } from '../shared/io/http.ts';
import { type CellDoors, cellRoutes } from './api/cells.ts';
import { type FrameDoors, frameRoutes } from './api/frames.ts';
import { type PictureDoors, pictureRoutes } from './api/pictures.ts';
import { type TileDoors, tileRoutes } from './api/tiles.ts';
import { type RewardDoors, rewardRoutes } from './rewards/routes.ts';

/** Everything the map's addresses need; each takes its part. */
export type TilesDoors = TileDoors & CellDoors & FrameDoors & PictureDoors & RewardDoors;

/** The map: vector tiles, cells, frames and their pictures; and what they earned. */
export function tilesRoutes(http: Http, doors: TilesDoors): void {
  tileRoutes(http, doors);
  cellRoutes(http, doors);
  frameRoutes(http, doors);
  pictureRoutes(http, doors);
  rewardRoutes(http, doors);
}

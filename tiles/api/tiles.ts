import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Type } from 'typebox';
import type { Db } from '../../shared/io/db.ts';
import type { Http } from '../../shared/io/http.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { TileCoord } from '../mercator.ts';
import { licencesOnMap } from '../store.ts';
import { openTiles } from '../source.ts';
import { DRIVES_FROM_ZOOM, FRAMES_FROM_ZOOM, MAX_ZOOM } from '../zoom.ts';
import { attributionOf } from './attribution.ts';

/** What the tile addresses need. */
export interface TileDoors {
  readonly db: Db;
  readonly networkName: string;
  /** Where browsers reach this instance, without a slash at the end; null: as the request names it. */
  readonly publicUrl: string | null;
  readonly tileCacheBytes: number;
}

const TileParams = Type.Object({
  z: Type.String({ pattern: '^\\d{1,2}$', description: `Zoom, 0 to ${MAX_ZOOM}` }),
  x: Type.String({ pattern: '^\\d{1,6}$' }),
  y: Type.String({ pattern: '^\\d{1,6}$' }),
});

const TileJson = Type.Object({
  tilejson: Type.String(),
  name: Type.String(),
  version: Type.String(),
  scheme: Type.String(),
  tiles: Type.Array(Type.String()),
  minzoom: Type.Integer(),
  maxzoom: Type.Integer(),
  bounds: Type.Array(Type.Number()),
  attribution: Type.String(),
  vector_layers: Type.Array(
    Type.Object({
      id: Type.String(),
      description: Type.String(),
      minzoom: Type.Integer(),
      maxzoom: Type.Integer(),
      fields: Type.Record(Type.String(), Type.String()),
    }),
  ),
});

/** Vector tiles on demand and the TileJSON that describes them. */
export function tileRoutes(http: Http, doors: TileDoors): void {
  const tiles = openTiles(doors.db, doors.tileCacheBytes);
  http.get('/tiles/:z/:x/:y.mvt', { config: { access: 'public' }, schema: { params: TileParams } }, async (request, reply) => {
    const known = /^(?:W\/)?"([\w-]+)"$/.exec(request.headers['if-none-match'] ?? '')?.[1] ?? null;
    const { tag, gzipped } = await tiles.read(tileNamed(request.params), known);
    // Asked again every time: a frame taken down must be gone from the next answer.
    void reply.header('cache-control', tag === null ? 'no-store' : 'public, no-cache').header('vary', 'accept-encoding');
    void reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'etag');
    if (tag !== null) void reply.header('etag', `"${tag}"`);
    if (gzipped === null) return reply.code(304).send();
    void reply.type('application/vnd.mapbox-vector-tile');
    // No bytes are the encoding of a tile without layers: 200, so that it can be tagged and kept like any other.
    if (gzipped.length === 0) return reply.send(gzipped);
    if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.header('content-encoding', 'gzip').send(gzipped);
    return reply.header('content-encoding', 'identity').send(await promisify(gunzip)(gzipped));
  });
  http.get('/tiles.json', { config: { access: 'public' }, schema: { response: { 200: TileJson } } }, async (request, reply) => {
    void reply.header('access-control-allow-origin', '*').header('cache-control', 'no-cache');
    const base = doors.publicUrl ?? `${request.protocol}://${request.host}`;
    return tileJson(doors.networkName, base, attributionOf(doors.networkName, await licencesOnMap(doors.db)));
  });
}

/** Problem 400 where there is no such tile. */
function tileNamed(params: { readonly z: string; readonly x: string; readonly y: string }): TileCoord {
  const tile = { z: Number(params.z), x: Number(params.x), y: Number(params.y) };
  if (tile.z > MAX_ZOOM) {
    throw new Problem({ status: 404, type: 'zoom_unknown', title: 'There are no tiles at this zoom', detail: `Zoom goes from 0 to ${MAX_ZOOM}.` });
  }
  if (tile.x >= 2 ** tile.z || tile.y >= 2 ** tile.z) {
    throw new Problem({ status: 400, type: 'tile_outside', title: 'This tile is outside the world', detail: `At zoom ${tile.z}, x and y go from 0 to ${2 ** tile.z - 1}.` });
  }
  return tile;
}

function tileJson(name: string, base: string, attribution: string) {
  const last = 'Days since 1970-01-01 of the newest capture';
  const quality = '0 to 100, of the best frame; absent if unknown';
  return {
    tilejson: '3.0.0',
    name,
    version: '1.0.0',
    scheme: 'xyz',
    tiles: [`${base}/tiles/{z}/{x}/{y}.mvt`],
    minzoom: 0,
    maxzoom: MAX_ZOOM,
    bounds: [-180, -85.0511287, 180, 85.0511287],
    attribution,
    vector_layers: [
      {
        id: 'cells', description: 'H3 cells with accepted frames', minzoom: 0, maxzoom: MAX_ZOOM,
        fields: { h3: 'H3 index, hexadecimal', resolution: 'H3 resolution', frames: 'Number', contributors: 'Number, estimated above 64', last, quality },
      },
      {
        id: 'drives', description: 'Where cameras went', minzoom: DRIVES_FROM_ZOOM, maxzoom: MAX_ZOOM,
        fields: { drive: 'Pseudonym of the drive', frames: 'Number in this tile', last, demo: 'Simulated' },
      },
      {
        id: 'frames', description: 'Single pictures', minzoom: FRAMES_FROM_ZOOM, maxzoom: MAX_ZOOM,
        fields: { id: 'SHA-256 of the picture', heading: 'Degrees clockwise from true north; absent if unknown', last, quality, tier: 'A, B or C' },
      },
    ],
  };
}

import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlasUrl from 'world-atlas/countries-50m.json?url';

/** Natural Earth's countries as the offline base map draws them. */
export interface World {
  readonly land: FeatureCollection<Polygon | MultiPolygon, { name: string }>;
  readonly frontiers: Feature;
  readonly names: FeatureCollection<Point, { name: string; rank: number }>;
}

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

/** Loads the countries that ship with the app. */
export async function loadWorld(): Promise<World> {
  const atlas = (await (await fetch(atlasUrl)).json()) as Atlas;
  const land = feature(atlas, atlas.objects.countries) as World['land'];
  const frontiers = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
  return {
    land,
    frontiers: { type: 'Feature', properties: {}, geometry: frontiers },
    names: { type: 'FeatureCollection', features: land.features.map(labelOf).filter((label) => label !== null) },
  };
}

/** Meridians and parallels every ten degrees. */
export function graticule(): FeatureCollection<LineString> {
  const features: Feature<LineString>[] = [];
  for (let lon = -180; lon <= 180; lon += 10) features.push(line([[lon, -85], [lon, 85]]));
  for (let lat = -80; lat <= 80; lat += 10) features.push(line([[-180, lat], [180, lat]]));
  return { type: 'FeatureCollection', features };
}

function line(coordinates: Position[]): Feature<LineString> {
  return { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } };
}

// A name stands at the centre of a country's largest piece; its rank (1 large … 6 tiny) says from which zoom on.
function labelOf(country: World['land']['features'][number]): World['names']['features'][number] | null {
  const pieces = country.geometry.type === 'Polygon' ? [country.geometry.coordinates] : country.geometry.coordinates;
  const largest = pieces.map(([ring = []]) => centreOf(ring)).toSorted((a, b) => b.area - a.area)[0];
  if (largest === undefined) return null;
  const rank = [400, 60, 20, 5, 1].findIndex((least) => largest.area >= least);
  return {
    type: 'Feature',
    properties: { name: country.properties.name, rank: rank < 0 ? 6 : rank + 1 },
    geometry: { type: 'Point', coordinates: largest.at },
  };
}

function centreOf(ring: readonly Position[]): { area: number; at: [number, number] } {
  let [twice, x, y] = [0, 0, 0];
  ring.forEach(([x1 = 0, y1 = 0], index) => {
    const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length]!;
    const cross = x1 * y2 - x2 * y1;
    twice += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  });
  return twice === 0 ? { area: 0, at: [0, 0] } : { area: Math.abs(twice / 2), at: [x / (3 * twice), y / (3 * twice)] };
}

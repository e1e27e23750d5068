import type { Feature, FeatureCollection } from 'geojson';
import type { EvidenceAnswer } from './answers.ts';

/** From one second to another. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** Where rows lie further apart than this many of the usual steps, nothing was recorded between them. */
const PAUSE_STEPS = 1.5;

/** The row nearest to an instant; -1 where there is none. */
export function rowAt(tS: readonly number[], atS: number): number {
  let [low, high] = [0, tS.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tS[middle]! < atS) low = middle + 1;
    else high = middle;
  }
  return low > 0 && atS - tS[low - 1]! <= tS[low]! - atS ? low - 1 : Math.min(low, tS.length - 1);
}

/** Stretches held back by the checks, those that overlap or touch as one. */
export function heldBack(windows: EvidenceAnswer['windows']): readonly Span[] {
  const spans: Span[] = [];
  for (const { fromS, toS, verdict } of windows) {
    if (verdict !== 'flagged' && verdict !== 'rejected') continue;
    const last = spans.at(-1);
    if (last !== undefined && fromS <= last.toS) spans[spans.length - 1] = { fromS: last.fromS, toS: Math.max(last.toS, toS) };
    else spans.push({ fromS, toS });
  }
  return spans;
}

/** Stretches for which there is no value in any of these columns: between them no line may be drawn. */
export function gapsIn(tS: readonly number[], columns: readonly (readonly (number | null)[])[]): readonly Span[] {
  const stepS = usualStep(tS);
  const gaps: Span[] = [];
  let fromS: number | null = null;
  tS.forEach((at, row) => {
    const isKnown = columns.some((column) => (column[row] ?? null) !== null);
    const before = tS[row - 1];
    if (isKnown && fromS === null && before !== undefined && at - before > stepS * PAUSE_STEPS) gaps.push({ fromS: before, toS: at });
    if (isKnown && fromS !== null) gaps.push({ fromS, toS: at });
    if (isKnown) fromS = null;
    else fromS ??= before ?? at;
  });
  if (fromS !== null) gaps.push({ fromS, toS: tS.at(-1)! });
  return gaps.filter(({ fromS, toS }) => toS > fromS);
}

function usualStep(tS: readonly number[]): number {
  const steps = tS.slice(1, 1000).map((at, n) => at - tS[n]!).toSorted((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 1;
}

/** The place of an instant and the way of a stretch, for the map; empty where nobody may see them, or nobody knows. */
export function momentOnMap(evidence: EvidenceAnswer, atS: number | null, span: Span | null): FeatureCollection {
  const features: Feature[] = [];
  const way = span === null ? [] : evidence.tS.flatMap((tS, row) => (tS < span.fromS || tS > span.toS ? [] : (placeAt(evidence, row) ?? [])));
  const coordinates = Array.from({ length: way.length / 2 }, (_, n) => [way[2 * n]!, way[2 * n + 1]!]);
  if (coordinates.length > 1) features.push({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } });
  const at = atS === null ? null : placeAt(evidence, rowAt(evidence.tS, atS));
  if (at !== null) features.push({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [...at] } });
  return { type: 'FeatureCollection', features };
}

/** Longitude and latitude. */
function placeAt({ latDeg, lonDeg }: EvidenceAnswer, row: number): readonly [number, number] | null {
  const [lat, lon] = [latDeg[row] ?? null, lonDeg[row] ?? null];
  return lat === null || lon === null ? null : [lon, lat];
}

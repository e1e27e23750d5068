import type { Feature } from 'geojson';
import type { CaseFrame, EvidenceAnswer } from './answers.ts';
import type { TrackFrame } from './track.ts';

/** The frames of a case as the map draws those of a drive; a frame is named by its number. */
export function caseTrack(frames: readonly CaseFrame[]): readonly TrackFrame[] {
  return frames.map(({ latDeg, lonDeg, headingDeg }, index) => ({ path: String(index), state: 'flagged', latDeg, lonDeg, headingDeg, sequence: 0 }));
}

/** What leads to a case and on from it, as far as anybody may see it: lines that break where nothing is known. */
export function wayOf(evidence: EvidenceAnswer | null): readonly Feature[] {
  const pieces: [number, number][][] = [[]];
  evidence?.tS.forEach((_, row) => {
    const [lat, lon] = [evidence.latDeg[row] ?? null, evidence.lonDeg[row] ?? null];
    if (lat !== null && lon !== null) pieces.at(-1)!.push([lon, lat]);
    else if (pieces.at(-1)!.length > 0) pieces.push([]);
  });
  return pieces.filter((piece) => piece.length > 1).map((coordinates) => ({ type: 'Feature', properties: { verdict: 'other' }, geometry: { type: 'LineString', coordinates } }));
}

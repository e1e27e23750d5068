import type { GnssFix, RefusedRow } from '../../shared/model/drive.ts';
import type { IngestRules } from '../../shared/model/recipe.ts';
import { orderProblem, positionProblem } from './gnss.ts';
import { readGpx } from './gpx.ts';
import { readNmea } from './nmea.ts';

/** A sensor file as text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Fixes that follow one another in a file, each with its line. */
export interface Segment {
  readonly file: string;
  readonly points: readonly { readonly line: number; readonly fix: GnssFix }[];
}

export interface ParsedTrack {
  readonly segments: readonly Segment[];
  readonly refused: readonly RefusedRow[];
}

const FORMATS = { gpx: readGpx, nmea: readNmea } as const;
type TrackFormat = keyof typeof FORMATS;

/** Which track format a path is, by its ending, or null. */
export function trackFormat(path: string): TrackFormat | null {
  const ending = /\.(gpx|nmea)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  return (ending as TrackFormat | undefined) ?? null;
}

/** The tracks of all these files as one: their segments in order of time, each fix checked like a row of gnss.csv. */
export function readTracks(files: readonly TextFile[], rules: IngestRules): { readonly fixes: readonly GnssFix[]; readonly refused: readonly RefusedRow[] } {
  const parsed = files.map((file) => FORMATS[trackFormat(file.path)!](file));
  const refused = parsed.flatMap(({ refused }) => refused);
  const segments = parsed.flatMap(({ segments }) => segments).filter(({ points }) => points.length > 0).toSorted((a, b) => a.points[0]!.fix.tS - b.points[0]!.fix.tS);
  const fixes: GnssFix[] = [];
  let lastS = -Infinity;
  for (const { file, points } of segments) {
    for (const { line, fix } of points) {
      const problem = orderProblem(fix.tS, lastS) ?? positionProblem(fix.latDeg, fix.lonDeg, rules);
      if (problem !== null) {
        refused.push({ file, line, refusal: problem });
        continue;
      }
      lastS = fix.tS;
      fixes.push(fix);
    }
  }
  return { fixes, refused };
}

import { Type } from 'typebox';
import type { Db, Sql } from '../../shared/io/db.ts';
import type { Http } from '../../shared/io/http.ts';
import { Problem } from '../../shared/io/problem.ts';
import { type Cell, cellHex, descendantRange, FRAME_RESOLUTION, parseCell, resolutionOf } from '../../shared/model/cell.ts';
import type { CellRow } from '../bucket.ts';
import { isoDay, solarDay } from '../day.ts';
import { countDistinct } from '../sketch.ts';
import { cellRow } from '../store.ts';
import { plainAttributionOf } from './attribution.ts';
import type { Privacy } from './publication.ts';
import { freshestChildren, type NewestFrame, newestFrames } from './store.ts';

export interface CellDoors {
  readonly db: Db;
  readonly networkName: string;
  readonly privacy: Privacy;
}

/** Pictures shown of a cell. */
const NEWEST = 12;

const CellAnswer = Type.Object({
  h3: Type.String(),
  resolution: Type.Integer(),
  frames: Type.Integer(),
  contributors: Type.Integer(),
  contributorsExact: Type.Boolean({ description: 'False above 64 contributors, where the number is an estimate' }),
  firstCapturedOn: Type.String(),
  lastCapturedOn: Type.String(),
  quality: Type.Union([Type.Number(), Type.Null()]),
  headings: Type.Array(Type.Integer(), { description: 'Frames that look N, NE, E, SE, S, SW, W, NW' }),
  unheaded: Type.Integer(),
  newest: Type.Array(Type.Object({ id: Type.String(), capturedOn: Type.String(), thumbUrl: Type.Union([Type.String(), Type.Null()]) })),
  licences: Type.Array(Type.String()),
  attribution: Type.String(),
});

/** What is known of one cell, at any resolution from 0 to 12. */
export function cellRoutes(http: Http, doors: CellDoors): void {
  const schema = { params: Type.Object({ h3: Type.String({ maxLength: 20 }) }), response: { 200: CellAnswer } };
  http.get('/api/cells/:h3', { config: { access: 'public' }, schema }, async (request) => {
    const cell = cellNamed(request.params.h3);
    const row = await cellRow(doors.db, cell);
    if (row === null || row.firstDay === null || row.lastDay === null) {
      throw new Problem({ status: 404, type: 'cell_empty', title: 'No frames here yet', detail: `No frame in cell ${cellHex(cell)} is on the map.` });
    }
    return answerOf(doors, row, { first: row.firstDay, last: row.lastDay, newest: await newestIn(doors.db, cell) });
  });
}

function answerOf(doors: CellDoors, row: CellRow, found: { first: number; last: number; newest: readonly NewestFrame[] }) {
  const { count, exact } = countDistinct(row.contributors);
  return {
    h3: cellHex(row.h3),
    resolution: resolutionOf(row.h3),
    frames: row.frames,
    contributors: count,
    contributorsExact: exact,
    firstCapturedOn: isoDay(found.first),
    lastCapturedOn: isoDay(found.last),
    quality: row.quality,
    headings: [...row.headings],
    unheaded: row.unheaded,
    newest: found.newest.map(({ id, capturedAt, lonDeg, demo, hasThumb }) => ({
      id,
      capturedOn: isoDay(solarDay(capturedAt, lonDeg)),
      thumbUrl: hasThumb && (demo || doors.privacy === 'publish-unblurred') ? `/api/frames/${id}/thumb.jpg` : null,
    })),
    licences: [...row.licences],
    attribution: plainAttributionOf(doors.networkName, row.licences),
  };
}

/** Problem 400 where the text is no cell that could be on the map. */
function cellNamed(text: string): Cell {
  const cell = parseCell(text.toLowerCase());
  if (cell === null || resolutionOf(cell) > FRAME_RESOLUTION) {
    throw new Problem({ status: 400, type: 'cell_invalid', title: 'This is no cell', detail: `A cell is 15 hexadecimal digits, of resolution 0 to ${FRAME_RESOLUTION}.` });
  }
  return cell;
}

/**
 * The newest frames of a cell of any size, by its freshest descendants: the N children with the newest captures hold
 * the N newest frames, since each other child's newest is older than one frame in each of those.
 */
async function newestIn(sql: Sql, cell: Cell): Promise<readonly NewestFrame[]> {
  let level: readonly Cell[] = [cell];
  for (let resolution = resolutionOf(cell) + 1; resolution <= FRAME_RESOLUTION; resolution += 1) {
    level = await freshestChildren(sql, level.map((parent) => descendantRange(parent, resolution)), NEWEST);
  }
  return newestFrames(sql, level, NEWEST);
}

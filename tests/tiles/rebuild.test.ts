import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../shared/io/db.ts';
import { moveFrames } from '../../shared/io/frame-moves.ts';
import type { Cell } from '../../shared/model/cell.ts';
import { moved } from '../../shared/model/geo.ts';
import { leaveMap } from '../../tiles/jobs.ts';
import { rebuildCells } from '../../tiles/rollup.ts';
import { openTiles, readTile } from '../../tiles/source.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { addAccount, addFrame } from './world.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await freshDatabase();
  // Beforehand, since drives inserted at once would wait for each other's accounts.
  for (const account of ['anna', 'ben', 'carl']) await addAccount(world.db, account);
});
afterAll(() => world.drop());

/** Where two base cells, a pentagon and the antimeridian are near. */
const PLACES = [
  { latDeg: 48.137, lonDeg: 11.575 },
  { latDeg: 48.1372, lonDeg: 11.5752 },
  { latDeg: 58.397, lonDeg: 10.536 },
  { latDeg: -17.7, lonDeg: 179.9999 },
  { latDeg: -17.7, lonDeg: -179.9999 },
];
const ACCOUNTS = ['anna', 'ben', 'carl'];

function tilesOver(): readonly { z: number; x: number; y: number }[] {
  const zooms = [0, 1, 3, 5, 8, 11, 12, 14, 16, 18];
  return zooms.flatMap((z) => PLACES.map(({ latDeg, lonDeg }) => ({
    z,
    x: Math.floor((lonDeg / 360 + 0.5) * 2 ** z),
    y: Math.floor((0.5 - Math.asinh(Math.tan((latDeg * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** z),
  })));
}

async function snapshot(db: Db) {
  const source = openTiles(db, 0);
  const tiles = await Promise.all(tilesOver().map(async (tile) => ({ tile, hex: Buffer.from(await readTile(db, tile)).toString('hex'), tag: (await source.read(tile, null)).tag })));
  const cells = await db.query(
    `select h3, digest, frames, contributors, first_day, last_day, last_captured_at, quality, headings, unheaded, licences
     from cells where frames > 0 order by h3`,
  );
  const points = await db.query('select * from frame_points order by frame_key');
  return { tiles, cells, points };
}

/** Throws everything derived away and makes it again from the frames. */
async function fromScratch(db: Db) {
  await db.query('truncate cells');
  await db.query('truncate frame_points');
  await db.query('truncate frame_octants');
  await rebuildCells(db);
  const cells = await db.query<{ h3: Cell }>('select distinct h3_r12 as h3 from frames');
  await db.transaction((tx) => leaveMap(tx, cells.map(({ h3 }) => h3)));
}

interface Act {
  readonly add: boolean;
  readonly place: number;
  readonly step: number;
  readonly account: number;
  readonly day: number;
  readonly pick: number;
}

let numbered = 0;

async function perform(db: Db, act: Act): Promise<void> {
  if (act.add) {
    numbered += 1;
    const account = ACCOUNTS[act.account]!;
    const { cell } = await addFrame(db, {
      ...moved(PLACES[act.place]!, 12 * act.step, 40), name: `f${numbered}`, account, drive: `${account} ${act.day}`,
      ordinal: numbered, headingDeg: act.step % 3 === 0 ? null : act.step * 40, capturedAt: new Date(Date.UTC(2026, 4, 1 + act.day, 10, 0, act.step)),
      quality: act.step / 10, tier: act.step % 4 === 0 ? 'C' : 'A', privateReason: act.step === 9 ? 'trimmed_end' : null,
    });
    await db.transaction((tx) => leaveMap(tx, [cell]));
    return;
  }
  const visible = await db.query<{ key: bigint }>(`select key from frames where state = 'accepted' order by key`);
  const chosen = visible[act.pick % Math.max(1, visible.length)];
  if (chosen === undefined) return;
  await db.transaction((tx) => moveFrames(tx, leaveMap, { keys: [chosen.key], to: 'withdrawn', reasons: ['withdrawn_by_owner'], movedBy: 'test' }));
}

const acts = fc.array(fc.record({
  add: fc.boolean().chain((first) => (first ? fc.constant(true) : fc.boolean())),
  place: fc.integer({ min: 0, max: PLACES.length - 1 }),
  step: fc.integer({ min: 0, max: 9 }),
  account: fc.integer({ min: 0, max: 2 }),
  day: fc.integer({ min: 0, max: 20 }),
  pick: fc.nat(),
}), { minLength: 1, maxLength: 12 });

describe('cells, tiles and points refreshed bit by bit', () => {
  test('are those of a rebuild from the accepted frames, byte for byte', async () => {
    await fc.assert(fc.asyncProperty(acts, async (acts) => {
      for (const act of acts) await perform(world.db, act);
      const before = await snapshot(world.db);
      await fromScratch(world.db);
      expect(await snapshot(world.db)).toEqual(before);
    }), { numRuns: 12 });
  });

  test('lose nothing where many refresh the same parents at once', async () => {
    const crowd = Array.from({ length: 24 }, (_, n): Act => ({ add: n % 4 !== 3, place: n % 2, step: n % 9, account: n % 3, day: n % 5, pick: n * 7 }));
    await Promise.all(crowd.filter(({ add }) => add).map((act) => perform(world.db, act)));
    await Promise.all(crowd.map((act) => perform(world.db, act)));
    const before = await snapshot(world.db);
    await fromScratch(world.db);
    expect(await snapshot(world.db)).toEqual(before);
  });

  test('leave empty rows under a new version where the last frame went', async () => {
    const all = await world.db.query<{ key: bigint }>(`select key from frames where state = 'accepted' order by key`);
    const [last] = await world.db.query<{ version: bigint }>('select max(version) as version from cells');
    await world.db.transaction((tx) => moveFrames(tx, leaveMap, { keys: all.map(({ key }) => key), to: 'taken_down', reasons: [], movedBy: 'test' }));
    const [row] = await world.db.query<{ full: number; old: number; rows: number }>(
      `select count(*) filter (where frames > 0)::int as full, count(*)::int as rows,
              count(*) filter (where version <= $1)::int as old from cells`,
      [last!.version],
    );
    expect(row).toMatchObject({ full: 0, old: 0 });
    expect(row!.rows).toBeGreaterThan(13);
    expect((await readTile(world.db, { z: 0, x: 0, y: 0 })).length).toBe(0);
    expect(await world.db.query('select 1 from frame_points')).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellAt, parentOf } from '../../shared/model/cell.ts';
import { rebuildCells, refreshCells } from '../../tiles/rollup.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { addFrame } from './world.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await freshDatabase();
});
afterAll(() => world.drop());

const HERE = { latDeg: 48.137, lonDeg: 11.575 };

test('a frame fills its cell and every ancestor', async () => {
  const { cell } = await addFrame(world.db, { name: 'a', drive: 'd1', account: 'anna', headingDeg: 91, ...HERE });
  await world.db.transaction((tx) => refreshCells(tx, [cell]));
  const rows = await world.db.query<{ h3: bigint; frames: number; headings: number[] }>('select h3, frames, headings from cells order by h3');
  expect(rows.map(({ h3 }) => h3)).toEqual(Array.from({ length: 13 }, (_, resolution) => parentOf(cell, resolution)));
  expect(rows.every(({ frames, headings }) => frames === 1 && headings[2] === 1)).toBe(true);
});

test('what did not change is not written again', async () => {
  const before = await world.db.query('select * from cells order by h3');
  await world.db.transaction((tx) => refreshCells(tx, [cellAt(HERE, 12)]));
  await rebuildCells(world.db);
  expect(await world.db.query('select * from cells order by h3')).toEqual(before);
});

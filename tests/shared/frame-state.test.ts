import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveFrames } from '../../shared/io/frame-moves.ts';
import { FRAME_STATES, FRAME_TRANSITIONS, type FrameState, mayMove } from '../../shared/model/frame-state.ts';
import type { Cell } from '../../shared/model/cell.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let frames = 0;
beforeAll(async () => {
  database = await freshDatabase();
  await database.db.query(`insert into accounts (id, name, roles) values ('00000000-0000-7000-8000-000000000001', 'anna', '{contributor}')`);
  await database.db.query(`insert into drives (id, account_id, manifest_sha256, name, licence)
    values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', sha256(''), 'd', 'CC0-1.0')`);
});
afterAll(async () => await database.drop());

/** How a frame gets from `received` to each state. */
const WAYS: Readonly<Record<FrameState, readonly FrameState[]>> = {
  received: [], refused: ['refused'], dropped: ['dropped'], ready: ['ready'], accepted: ['ready', 'accepted'], unverified: ['ready', 'unverified'],
  flagged: ['ready', 'flagged'], rejected: ['ready', 'rejected'], withdrawn: ['withdrawn'], taken_down: ['taken_down'],
};

async function frameIn(state: FrameState): Promise<bigint> {
  frames += 1;
  const [row] = await database.db.query<{ key: bigint }>(
    `insert into frames (drive_id, account_id, path, id, size, captured_at, lat_deg, lon_deg, h3_r12)
     values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', $1::text, sha256($1::text::bytea), 1, now(), 1, 1, $2) returning key`,
    [`frame ${frames}`, BigInt(frames)],
  );
  for (const step of WAYS[state]) await move(row!.key, step);
  return row!.key;
}

async function move(key: bigint, to: FrameState): Promise<void> {
  await database.db.query(`update frames set state = $2, moved_by = 'test' where key = $1`, [key, to]);
}

async function historyOf(key: bigint): Promise<readonly object[]> {
  return await database.db.query('select from_state, to_state, reasons, moved_by from frame_history where frame_key = $1 order by seq', [key]);
}

describe('the state machine', () => {
  test('is the same table in the program and in the database', async () => {
    const rows = await database.db.query<{ from_state: FrameState; to_state: FrameState }>('select from_state, to_state from frame_transitions');
    const inDatabase = rows.map(({ from_state, to_state }) => `${from_state} → ${to_state}`).toSorted();
    const inProgram = FRAME_STATES.flatMap((from) => FRAME_TRANSITIONS[from].map((to) => `${from} → ${to}`)).toSorted();
    expect(inDatabase).toEqual(inProgram);
  });

  test('every move is allowed or refused by the database as the program says', async () => {
    for (const from of FRAME_STATES) {
      for (const to of FRAME_STATES.filter((state) => state !== from)) {
        const key = await frameIn(from);
        const outcome = await move(key, to).then(() => true, (error: { code?: string }) => {
          expect(error.code).toBe('23514');
          return false;
        });
        expect(outcome, `${from} → ${to}`).toBe(mayMove(from, to));
        const [row] = await database.db.query<{ state: FrameState }>('select state from frames where key = $1', [key]);
        expect(row!.state).toBe(outcome ? to : from);
      }
    }
  });

  test('a frame begins as received and nothing else', async () => {
    await expect(database.db.query(
      `insert into frames (drive_id, account_id, path, id, size, state) values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'x', sha256(''), 1, 'refused')`,
    )).rejects.toMatchObject({ code: '23514', message: 'a frame begins as received, not refused' });
  });

  test('a frame without time and place cannot be ready', async () => {
    const key = await frameIn('received');
    await expect(database.db.query(`update frames set state = 'ready', lat_deg = null where key = $1`, [key])).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the history', () => {
  test('names every move, from where, by whom', async () => {
    expect(await historyOf(await frameIn('accepted'))).toEqual([
      { from_state: null, to_state: 'received', reasons: [], moved_by: 'ingest.read' },
      { from_state: 'received', to_state: 'ready', reasons: [], moved_by: 'test' },
      { from_state: 'ready', to_state: 'accepted', reasons: [], moved_by: 'test' },
    ]);
  });

  test('grows by moves only: a change that is no move leaves it', async () => {
    const key = await frameIn('ready');
    await database.db.query('update frames set quality = 0.5 where key = $1', [key]);
    await move(key, 'ready');
    expect(await historyOf(key)).toHaveLength(2);
  });

  test('cannot be edited', async () => {
    const key = await frameIn('ready');
    await expect(database.db.query(`update frame_history set to_state = 'accepted' where frame_key = $1`, [key])).rejects.toMatchObject({ code: '23001' });
  });
});

describe('moveFrames', () => {
  test('moves all or none, writes reasons and takes what leaves the map out of it, in the same transaction', async () => {
    const accepted = await frameIn('accepted');
    const ready = await frameIn('ready');
    const cells: Cell[] = [];
    const leaveMap = async (_tx: unknown, left: readonly Cell[]) => {
      cells.push(...left);
    };
    const withdraw = (keys: readonly bigint[]) => database.db.transaction((tx) => moveFrames(tx, leaveMap, { keys, to: 'withdrawn', reasons: ['withdrawn_by_owner'], movedBy: 'anna' }));
    await withdraw([accepted, ready]);
    const [row] = await database.db.query<{ h3_r12: Cell }>('select h3_r12 from frames where key = $1', [accepted]);
    expect(cells).toEqual([row!.h3_r12]);
    expect((await historyOf(ready)).at(-1)).toEqual({ from_state: 'ready', to_state: 'withdrawn', reasons: ['withdrawn_by_owner'], moved_by: 'anna' });
    const [good, gone] = [await frameIn('ready'), await frameIn('taken_down')];
    await expect(withdraw([good, gone])).rejects.toMatchObject({ code: '23514' });
    expect(await historyOf(good)).toHaveLength(2);
  });
});

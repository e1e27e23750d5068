import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../shared/io/clock.ts';
import type { Db } from '../../../shared/io/db.ts';
import { moveFrames } from '../../../shared/io/frame-moves.ts';
import { epochOf, epochSpan } from '../../../shared/model/epoch.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { leaveMap } from '../../../tiles/jobs.ts';
import type { EpochExport } from '../../../tiles/rewards/answers.ts';
import { correct, takeBack } from '../../../tiles/rewards/correction.ts';
import { closeEpoch, closesAtMs, EpochNotReady, nextEpoch } from '../../../tiles/rewards/epoch.ts';
import { epochExport } from '../../../tiles/rewards/export.ts';
import { balance } from '../../../tiles/rewards/ledger.ts';
import { verifyExport } from '../../../tiles/rewards/verify.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { addAccount, addDrive, addFrame, uuidOf } from '../world.ts';

/** The week of Monday 2026-05-11. */
const EPOCH = epochOf(Date.parse('2026-05-12T10:00:00Z') / 1000);
const POOL = RECIPE.rewards.poolUnits;
const HERE = { latDeg: 48.137, lonDeg: 11.575 };

let world: TestDatabase;
beforeEach(async () => {
  world = await freshDatabase();
});
afterEach(() => world.drop());

function at(ms: number): Clock {
  return { ...systemClock, nowMs: () => ms };
}

const DUE = closesAtMs(EPOCH, RECIPE);

async function close(epoch = EPOCH, clock = at(DUE), force = false): Promise<boolean> {
  return await closeEpoch({ db: world.db, clock, recipe: RECIPE }, epoch, { force });
}

/** Points as a refresh of the map writes them, with any amounts. */
async function earn(db: Db, points: readonly (readonly [account: string, microPoints: bigint])[], epoch = EPOCH): Promise<void> {
  for (const [n, [account, microPoints]] of points.entries()) {
    const { key, cell } = await addFrame(db, { name: `${epoch} ${account} ${n}`, drive: `${epoch} ${account}`, account, ...HERE, latDeg: HERE.latDeg + n / 1000, capturedAt: new Date(epochSpan(epoch)[0] * 1000 + 3_600_000) });
    await db.query(
      `insert into frame_points (frame_key, epoch, h3, octant, account_id, rank, best, micro_points, pot_micro_points, refill_days, refill_of_days, area_ppm, share, share_of, tier_halves)
       values ($1, $2, $3, 0, $4, 1, true, $5, $5, 7, 7, 1000000, 4, 4, 2)`,
      [key, epoch, cell, uuidOf(account), microPoints],
    );
  }
}

async function holds(account: string): Promise<bigint> {
  return await balance(world.db, account.includes(':') ? account : `account:${uuidOf(account)}`, 'unit');
}

async function ledgerSum(): Promise<string> {
  return (await world.db.query<{ sum: string }>('select coalesce(sum(amount), 0)::text as sum from ledger_postings'))[0]!.sum;
}

async function accept(name: string, account: string, hour: number): Promise<bigint> {
  const { key, cell } = await addFrame(world.db, { name, drive: name, account, quality: 1, headingDeg: 90, ...HERE, capturedAt: new Date(epochSpan(EPOCH)[0] * 1000 + hour * 3_600_000) });
  await world.db.transaction((tx) => leaveMap(tx, [cell]));
  return key;
}

async function pointsOf(key: bigint): Promise<{ micro: bigint; reason: string | null }> {
  return (await world.db.query<{ micro: bigint; reason: string | null }>('select micro_points as micro, reason from frame_points where frame_key = $1', [key]))[0]!;
}

function names({ shares }: EpochExport): readonly string[] {
  return shares.map(({ pseudonym }) => pseudonym);
}

describe('closing an epoch', () => {
  test('pays 80 % by points, carries what nobody earned, and sums to zero', async () => {
    await earn(world.db, [['anna', 300n], ['ben', 100n], ['anna', 200n]]);
    expect(await close()).toBe(true);
    expect([await holds('anna'), await holds('ben')]).toEqual([666_666_666_667n, 133_333_333_333n]);
    expect([await holds('carry:coverage'), await holds('carry:review'), await holds('carry:nodes')]).toEqual([0n, 100_000_000_000n, 100_000_000_000n]);
    expect(await holds('emission:')).toBe(0n);
    expect(await balance(world.db, 'emission', 'unit')).toBe(-POOL);
    expect(await ledgerSum()).toBe('0');
  });

  test('twice is the same; at once from many sides is one', async () => {
    await earn(world.db, [['anna', 300n]]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => close()));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const exported = await epochExport(world.db, EPOCH);
    expect(await close()).toBe(false);
    expect(await epochExport(world.db, EPOCH)).toEqual(exported);
    expect(await world.db.query('select 1 from ledger_transactions')).toHaveLength(1);
  });

  test('waits for its end and 48 hours of grace', async () => {
    await earn(world.db, [['anna', 300n]]);
    await expect(close(EPOCH, at(DUE - 1))).rejects.toThrow(new EpochNotReady(`epoch ${EPOCH} closes on 2026-05-20T00:00:00.000Z, after its end and 48 hours of grace`));
    expect(await close(EPOCH, at(DUE - 1), true)).toBe(true);
    expect((await epochExport(world.db, EPOCH))!.forced).toBe(true);
    await expect(close(EPOCH + 1, at(epochSpan(EPOCH)[0] * 1000), true)).rejects.toThrow(`epoch ${EPOCH + 1} has not begun`);
  });

  test('goes by the order of epochs: carry enters the next one', async () => {
    await earn(world.db, [['anna', 5n]], EPOCH);
    await earn(world.db, [['ben', 5n]], EPOCH + 2);
    expect(await nextEpoch(world.db, at(DUE))).toBe(EPOCH);
    const late = at(closesAtMs(EPOCH + 2, RECIPE));
    await expect(close(EPOCH + 1, late)).rejects.toThrow(`epoch ${EPOCH} comes first`);
    await close(EPOCH, late);
    await expect(close(EPOCH + 2, late)).rejects.toThrow(`epoch ${EPOCH + 1} comes first`);
    await close(EPOCH + 1, late);
    expect(await holds('carry:coverage')).toBe(800_000_000_000n);
    await close(EPOCH + 2, late);
    expect(await holds('ben')).toBe(1_600_000_000_000n);
    expect(await holds('carry:review')).toBe(300_000_000_000n);
    await expect(close(EPOCH - 1, late)).rejects.toThrow('nothing can be earned in it any more');
    expect(await ledgerSum()).toBe('0');
  });

  test('without anything earned carries everything, and says so in the export', async () => {
    expect(await close()).toBe(true);
    const exported = (await epochExport(world.db, EPOCH))!;
    expect(exported.shares).toEqual([]);
    expect(exported.purses.map(({ carriedOut }) => carriedOut)).toEqual(['800000000000', '100000000000', '100000000000']);
    expect(verifyExport(exported).mistakes).toEqual([]);
  });

  test('a failure in the middle leaves nothing', async () => {
    await earn(world.db, [['anna', 300n]]);
    await world.db.query(`create function break_it() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$`);
    await world.db.query('create trigger break_it before insert on ledger_postings for each row execute function break_it()');
    await expect(close()).rejects.toThrow('disk full');
    expect(await world.db.query('select 1 from epochs union all select 1 from epoch_lines union all select 1 from ledger_transactions')).toEqual([]);
  });
});

test('whatever was earned: allocations and carry are the pool, the lines are their share, the export comes out', async () => {
  const points = fc.array(fc.tuple(fc.constantFrom('anna', 'ben', 'carl', 'dora'), fc.bigInt({ min: 0n, max: 1_300_000n })), { maxLength: 12 });
  let epoch = EPOCH;
  await fc.assert(fc.asyncProperty(points, async (earned) => {
    await earn(world.db, earned, epoch);
    await close(epoch, at(closesAtMs(epoch, RECIPE)));
    const exported = (await epochExport(world.db, epoch))!;
    expect(verifyExport(exported)).toMatchObject({ mistakes: [], merkleRoot: exported.merkleRoot });
    const [row] = await world.db.query<{ off: string; lines: string; shares: string }>(
      `select (select sum(emitted + carried_in - paid - carried_out) from epoch_purses where epoch = $1)::text as off,
         (select coalesce(sum(amount), 0) from epoch_lines where epoch = $1)::text as lines, (select coalesce(sum(amount), 0) from epoch_shares where epoch = $1)::text as shares`,
      [epoch],
    );
    expect(row).toMatchObject({ off: '0', lines: row!.shares });
    expect(await ledgerSum()).toBe('0');
    epoch += 1;
  }), { numRuns: 25 });
});

describe('a closed epoch is settled', () => {
  test('a frame that leaves later changes nothing of it, and takes its place with it', async () => {
    const [anna, ben] = [await accept('a', 'anna', 10), await accept('b', 'ben', 11)];
    await close();
    const [before, export1, paid] = [await pointsOf(anna), await epochExport(world.db, EPOCH), await holds('ben')];
    await world.db.transaction((tx) => moveFrames(tx, leaveMap, { keys: [anna], to: 'taken_down', reasons: [], movedBy: 'test' }));
    expect(await pointsOf(anna)).toEqual(before);
    expect((await pointsOf(ben)).micro).toBeLessThan(before.micro);
    expect([await epochExport(world.db, EPOCH), await holds('ben')]).toEqual([export1, paid]);
    const salts = await world.db.query<{ key: bigint; salt: Buffer | null }>('select frame_key as key, salt from epoch_lines order by frame_key');
    expect(salts.map(({ salt }) => salt === null)).toEqual([true, false]);
  });

  test('a frame that comes later is on the map and earns nothing', async () => {
    const anna = await accept('a', 'anna', 10);
    await close();
    const before = await pointsOf(anna);
    const late = await accept('b', 'ben', 9);
    expect(await pointsOf(late)).toEqual({ micro: 0n, reason: 'epoch_closed' });
    expect(await pointsOf(anna)).toEqual(before);
  });

  test('a refresh and a close at once: no point is written behind the close', async () => {
    for (let n = 0; n < 8; n += 1) await addFrame(world.db, { name: `r${n}`, drive: `r${n}`, account: `driver${n}`, quality: 1, headingDeg: n * 45, ...HERE, capturedAt: new Date(epochSpan(EPOCH)[0] * 1000 + 5e6) });
    const { cell } = await addFrame(world.db, { name: 'r', drive: 'r', account: 'ann', quality: 1, ...HERE, capturedAt: new Date(epochSpan(EPOCH)[0] * 1000 + 5e6) });
    await Promise.all([close(), world.db.transaction((tx) => leaveMap(tx, [cell])), world.db.transaction((tx) => leaveMap(tx, [cell]))]);
    const [row] = await world.db.query<{ settled: string; earned: string }>(
      `select (select coalesce(sum(weight), 0) from epoch_lines)::text as settled, (select coalesce(sum(micro_points), 0) from frame_points)::text as earned`,
    );
    expect(row!.settled).toBe(row!.earned);
  });

  test('it is corrected by further postings, once each, and the difference is carried', async () => {
    await earn(world.db, [['anna', 300n]]);
    await close();
    const correction = { account: uuidOf('anna') as AccountId, key: 'correction:case:7', amount: -1000n };
    expect([await world.db.transaction((tx) => correct(tx, correction)), await world.db.transaction((tx) => correct(tx, correction))]).toEqual([true, false]);
    expect([await holds('anna'), await holds('carry:coverage')]).toEqual([799_999_999_000n, 1000n]);
    await world.db.transaction((tx) => takeBack(tx, uuidOf('anna') as AccountId, 'left'));
    expect([await holds('anna'), await holds('carry:coverage')]).toEqual([0n, 800_000_000_000n]);
    expect(verifyExport((await epochExport(world.db, EPOCH))!).mistakes).toEqual([]);
  });
});

describe('the export', () => {
  let exported: EpochExport;
  beforeEach(async () => {
    await earn(world.db, [['anna', 300n], ['ben', 100n], ['anna', 200n]]);
    await close();
    exported = (await epochExport(world.db, EPOCH))!;
  });

  test('names nobody and no place', async () => {
    const text = JSON.stringify(exported);
    for (const secret of [uuidOf('anna'), uuidOf('ben'), 'anna']) expect(text).not.toContain(secret);
    const cells = await world.db.query<{ h3: bigint }>('select distinct h3 from frame_points');
    for (const { h3 } of cells) expect(text).not.toContain(h3.toString(16));
    expect(exported.shares.map(({ lines }) => lines.length).toSorted()).toEqual([1, 2]);
  });

  test('gives an account another name in the next epoch', async () => {
    await earn(world.db, [['anna', 300n]], EPOCH + 1);
    await close(EPOCH + 1, at(closesAtMs(EPOCH + 1, RECIPE)));
    expect(names((await epochExport(world.db, EPOCH + 1))!).filter((name) => names(exported).includes(name))).toEqual([]);
  });

  test.each<[string, (one: EpochExport) => EpochExport]>([
    ['an amount', (one) => ({ ...one, shares: one.shares.with(0, { ...one.shares[0]!, amount: '1' }) })],
    ['points', (one) => ({ ...one, shares: one.shares.with(0, { ...one.shares[0]!, weight: '999' }) })],
    ['the root', (one) => ({ ...one, merkleRoot: '0'.repeat(64) })],
    ['the pool', (one) => ({ ...one, pool: '999999999999' })],
    ['a carry', (one) => ({ ...one, purses: one.purses.with(1, { ...one.purses[1]!, carriedOut: '5' }) })],
    ['a missing purse', (one) => ({ ...one, purses: one.purses.slice(1) })],
    ['a share left out', (one) => ({ ...one, shares: one.shares.slice(1) })],
    ['a pseudonym twice', (one) => ({ ...one, shares: [...one.shares, one.shares[0]!] })],
  ])('is found wrong in %s', (_, forge) => {
    expect(verifyExport(exported).mistakes).toEqual([]);
    expect(verifyExport(forge(structuredClone(exported))).mistakes).not.toEqual([]);
  });
});

test('a drive of a demo account can be removed from under a closed epoch', async () => {
  await addAccount(world.db, 'demo');
  await addDrive(world.db, `${EPOCH} demo`, 'demo');
  await earn(world.db, [['demo', 300n]]);
  await close();
  const exported = await epochExport(world.db, EPOCH);
  await world.db.transaction(async (tx) => {
    for (const table of ['frame_points', 'frame_history', 'frames', 'drives', 'accounts']) await tx.query(`delete from ${table}`);
  });
  expect(await epochExport(world.db, EPOCH)).toEqual(exported);
  expect(await world.db.query('select salt, frame_key from epoch_lines')).toEqual([{ salt: null, frame_key: null }]);
});

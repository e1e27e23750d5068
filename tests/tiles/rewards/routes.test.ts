import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Http } from '../../../shared/io/http.ts';
import { parseCell } from '../../../shared/model/cell.ts';
import { epochOf, epochSpan } from '../../../shared/model/epoch.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { leaveMap } from '../../../tiles/jobs.ts';
import type { EpochExport, OpenPoints, PostingWhy } from '../../../tiles/rewards/answers.ts';
import { commitmentOf } from '../../../tiles/rewards/disguise.ts';
import { closeEpoch, closesAtMs } from '../../../tiles/rewards/epoch.ts';
import { rootFrom } from '../../../tiles/rewards/merkle.ts';
import { verifyExport } from '../../../tiles/rewards/verify.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { mapServer } from '../server.ts';
import { addFrame, uuidOf } from '../world.ts';

const EPOCH = epochOf(Date.parse('2026-05-12T10:00:00Z') / 1000);
const BEGIN_MS = epochSpan(EPOCH)[0] * 1000;
let world: TestDatabase;
let http: Http;

/** Anna drives three places, Ben the first of them after her and one of his own in the next week. */
beforeAll(async () => {
  world = await freshDatabase();
  http = await mapServer(world.db);
  const drives = [['anna', 0, 0], ['anna', 1, 0], ['anna', 2, 0], ['ben', 0, 1], ['ben', 3, 200]] as const;
  for (const [account, place, hours] of drives) {
    const { cell } = await addFrame(world.db, {
      name: `${account}${place}`, drive: `${account}-${hours}`, account, latDeg: 48.1 + place / 100, lonDeg: 11.5, headingDeg: 90, quality: place === 1 ? 0.91 : 1,
      capturedAt: new Date(BEGIN_MS + (10 + hours) * 3_600_000),
    });
    await world.db.transaction((tx) => leaveMap(tx, [cell]));
  }
  await closeEpoch({ db: world.db, clock: { ...systemClock, nowMs: () => closesAtMs(EPOCH, RECIPE) }, recipe: RECIPE }, EPOCH);
});
afterAll(async () => {
  await http.close();
  await world.drop();
});

async function ask<Answer>(url: string, token?: string): Promise<{ status: number; body: Answer }> {
  const answer = await http.inject({ url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  return { status: answer.statusCode, body: answer.json<Answer>() };
}

interface Balance {
  readonly balance: string;
  readonly opening: string;
  readonly closing: string;
  readonly next: string | null;
  readonly lines: readonly { readonly key: string; readonly amount: string; readonly epoch: number }[];
  readonly provisional: readonly { readonly epoch: number; readonly microPoints: string; readonly ofMicroPoints: string; readonly frames: number; readonly closesAt: string }[];
}

describe('the public side', () => {
  test('a closed epoch can be recomputed by anybody from what the address gives', async () => {
    const { status, body } = await ask<EpochExport>(`/api/epochs/${EPOCH}/export`);
    expect(status).toBe(200);
    expect(verifyExport(body)).toMatchObject({ mistakes: [], accounts: 2, lines: 4, paid: 800_000_000_000n, carriedOut: 200_000_000_000n });
  });

  test('an epoch that is open is 404 and says when it closes', async () => {
    const { status, body } = await ask<{ type: string; detail: string }>(`/api/epochs/${EPOCH + 1}/export`);
    expect([status, body.type, body.detail]).toEqual([404, 'epoch_open', `Epoch ${EPOCH + 1} closes on ${new Date(closesAtMs(EPOCH + 1, RECIPE)).toISOString()} at the earliest.`]);
    expect((await ask('/api/epochs/x/export')).status).toBe(400);
  });

  test('the list has the closed ones and the next', async () => {
    const { body } = await ask<{ next: { epoch: number }; epochs: { epoch: number; accounts: number; paid: string }[] }>('/api/epochs');
    expect(body.next.epoch).toBe(EPOCH + 1);
    expect(body.epochs).toMatchObject([{ epoch: EPOCH, accounts: 2, paid: '800000000000', pool: '1000000000000' }]);
  });
});

describe('my balance', () => {
  test('opening + lines = closing, with what is still provisional beside it', async () => {
    const { body } = await ask<Balance>('/api/me/balance', 'ben');
    expect(body).toMatchObject({ opening: '0', closing: body.balance, next: null });
    expect(body.lines).toMatchObject([{ key: `epoch:${EPOCH}:coverage:${uuidOf('ben')}`, epoch: EPOCH, kind: 'epoch', amount: body.balance }]);
    expect(body.provisional).toEqual([{ epoch: EPOCH + 1, microPoints: expect.stringMatching(/^\d{6,7}$/), ofMicroPoints: body.provisional[0]!.microPoints, frames: 1, closesAt: new Date(closesAtMs(EPOCH + 1, RECIPE)).toISOString() }]);
  });

  test('page by page, each opens where the last one closed', async () => {
    await world.db.transaction(async (tx) => {
      for (const n of [1, 2, 3]) {
        await tx.query(`insert into ledger_transactions (key, kind) values ('gift:${n}', 'gift')`);
        await tx.query(`insert into ledger_postings (transaction_id, key, account, unit, amount) select id, 'gift:${n}:' || a, a, 'unit', case a when 'gifts' then -${n} else ${n} end from ledger_transactions, unnest(array['gifts', 'account:${uuidOf('carl')}']) a where key = 'gift:${n}'`);
      }
    });
    const first = (await ask<Balance>('/api/me/balance?limit=2', 'carl')).body;
    const second = (await ask<Balance>(`/api/me/balance?limit=2&after=${first.next}`, 'carl')).body;
    expect([first.opening, first.closing, second.opening, second.closing, second.next, second.balance]).toEqual(['0', '3', '3', '6', null, '6']);
    expect((await ask<PostingWhy>('/api/me/postings/gift:1:account:' + uuidOf('carl') + '/why', 'carl')).body).toMatchObject({ kind: 'gift', amount: '1', share: null, proof: null, lines: [] });
  });

  test('provisional points have every frame behind them, page by page; a closed epoch has none left', async () => {
    await addFrame(world.db, { name: 'ben4', drive: 'ben-200', account: 'ben', latDeg: 48.14, lonDeg: 11.5, headingDeg: 90, quality: 0.5, capturedAt: new Date(BEGIN_MS + 211 * 3_600_000) }).then(({ cell }) => world.db.transaction((tx) => leaveMap(tx, [cell])));
    const { body } = await ask<OpenPoints>(`/api/me/epochs/${EPOCH + 1}/points`, 'ben');
    const [provisional] = (await ask<Balance>('/api/me/balance', 'ben')).body.provisional;
    expect(body).toMatchObject({ epoch: EPOCH + 1, microPoints: provisional!.microPoints, ofMicroPoints: provisional!.ofMicroPoints, closesAt: provisional!.closesAt, next: null });
    expect(body.lines.length).toBe(provisional!.frames);
    expect(sum(body.lines.map(({ microPoints }) => microPoints))).toBe(BigInt(body.microPoints));
    for (const { microPoints, factors } of body.lines) {
      expect(BigInt(microPoints)).toBe((BigInt(factors.potMicroPoints) * BigInt(factors.share) * BigInt(factors.qualityPpm!) * BigInt(factors.tierHalves)) / (BigInt(factors.shareOf) * 2_000_000n));
    }
    const pages = await Promise.all([0, 1].map(async (after) => (await ask<OpenPoints>(`/api/me/epochs/${EPOCH + 1}/points?limit=1&after=${after}`, 'ben')).body));
    expect([pages.flatMap(({ lines }) => lines), pages.map(({ next }) => next)]).toEqual([body.lines, ['1', null]]);
    for (const [epoch, account] of [[EPOCH, 'ben'], [EPOCH + 1, 'carl']] as const) expect((await ask<{ type: string }>(`/api/me/epochs/${epoch}/points`, account)).body.type).toBe('points_unknown');
    expect((await ask(`/api/me/epochs/${EPOCH + 1}/points`)).status).toBe(401);
  });

  test('needs a token, and consumers have none', async () => {
    expect((await ask('/api/me/balance')).status).toBe(401);
    expect((await ask('/api/me/balance', 'carol:consumer')).status).toBe(403);
    expect((await ask('/api/me/balance?after=x', 'anna')).status).toBe(400);
  });
});

describe('why an amount', () => {
  test('every factor of every frame multiplies to its points, and the lines sum to the amount', async () => {
    const { body } = await ask<PostingWhy>(`/api/me/postings/${keyOf('anna')}/why`, 'anna');
    expect(body.share).toMatchObject({ purse: 'coverage', purseUnits: '800000000000', recipe: RECIPE.version });
    for (const { microPoints, factors } of body.lines) {
      const { potMicroPoints, share, shareOf, qualityPpm, tierHalves, refillDays, refillOfDays, areaPpm } = factors!;
      expect(BigInt(potMicroPoints)).toBe((1_000_000n * BigInt(refillDays) * BigInt(areaPpm)) / (BigInt(refillOfDays) * 1_000_000n));
      expect(BigInt(microPoints)).toBe((BigInt(potMicroPoints) * BigInt(share) * BigInt(qualityPpm!) * BigInt(tierHalves)) / (BigInt(shareOf) * 2_000_000n));
    }
    expect(body.lines.map(({ factors }) => `${factors!.share}/${factors!.shareOf} ${factors!.qualityPpm}`).toSorted()).toEqual(['4/4 1000000', '4/4 910000', '4/7 1000000']);
    expect(sum(body.lines.map(({ amount }) => amount))).toBe(BigInt(body.amount));
    expect(sum(body.lines.map(({ microPoints }) => microPoints))).toBe(BigInt(body.share!.microPoints));
  });

  test('the owner opens each commitment of the public export, and proves the amount to its root', async () => {
    const { body } = await ask<PostingWhy>(`/api/me/postings/${keyOf('anna')}/why`, 'anna');
    const exported = (await ask<EpochExport>(`/api/epochs/${EPOCH}/export`)).body;
    const mine = exported.shares.find(({ pseudonym }) => pseudonym === body.share!.pseudonym)!;
    const opened = body.lines.map(({ salt, place, microPoints }) => commitmentOf(Buffer.from(salt!, 'hex'), { h3: parseCell(place!.h3)!, octant: place!.octant, microPoints: BigInt(microPoints) }).toString('hex'));
    expect(opened.toSorted()).toEqual(mine.lines);
    const { leaf, path, root, ...place } = body.proof!;
    expect(root).toBe(exported.merkleRoot);
    expect(rootFrom(Buffer.from(leaf, 'hex'), place, path.map((hex) => Buffer.from(hex, 'hex'))).toString('hex')).toBe(root);
  });

  test('goes page by page, the largest first', async () => {
    const whole = (await ask<PostingWhy>(`/api/me/postings/${keyOf('anna')}/why`, 'anna')).body.lines;
    const first = (await ask<PostingWhy>(`/api/me/postings/${keyOf('anna')}/why?limit=2`, 'anna')).body;
    const second = (await ask<PostingWhy>(`/api/me/postings/${keyOf('anna')}/why?limit=2&after=${first.next}`, 'anna')).body;
    expect([...first.lines, ...second.lines]).toEqual(whole);
    expect(second.next).toBeNull();
  });

  test('is for its owner alone: others\' are as if they were not there', async () => {
    for (const key of [keyOf('anna'), 'nothing']) {
      const { status, body } = await ask<{ type: string }>(`/api/me/postings/${key}/why`, 'ben');
      expect([status, body.type]).toEqual([404, 'posting_unknown']);
    }
    expect((await ask(`/api/me/postings/${keyOf('anna')}/why`)).status).toBe(401);
  });
});

function keyOf(account: string): string {
  return encodeURIComponent(`epoch:${EPOCH}:coverage:${uuidOf(account)}`);
}

function sum(values: readonly string[]): bigint {
  return values.reduce((sofar, value) => sofar + BigInt(value), 0n);
}

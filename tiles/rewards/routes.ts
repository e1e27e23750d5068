import { Type } from 'typebox';
import type { Clock } from '../../shared/io/clock.ts';
import type { Db } from '../../shared/io/db.ts';
import type { Http } from '../../shared/io/http.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { RECIPE, type Recipe } from '../../shared/model/recipe.ts';
import { epochSpan } from '../../shared/model/epoch.ts';
import { EpochExport, EpochList, OpenPoints, OwnBalance, PostingWhy } from './answers.ts';
import { balancePage, provisionalPoints } from './balance.ts';
import { closesAtMs, nextEpoch } from './epoch.ts';
import { closedEpochs } from './epoch-store.ts';
import { epochExport } from './export.ts';
import { openPoints } from './open-points.ts';
import { UNIT } from './settlement.ts';
import { whyAmount } from './why.ts';

export interface RewardDoors {
  readonly db: Db;
  readonly clock: Clock;
}

const EPOCHS_SHOWN = 104;
const Page = Type.Object({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});
const LINES = 100;
const OWNERS = { access: ['contributor', 'validator', 'operator'] } as const;

/** Money: closed epochs for everybody, and everybody's own balance with the reasons for each amount. */
export function rewardRoutes(http: Http, { db, clock }: RewardDoors, recipe: Recipe = RECIPE): void {
  http.get('/api/epochs', { config: { access: 'public' }, schema: { summary: 'Closed epochs, newest first, and the one that closes next', response: { 200: EpochList } } }, async () => {
    const epoch = await nextEpoch(db, clock);
    const epochs = await closedEpochs(db, EPOCHS_SHOWN);
    return { next: { epoch, ...spanOf(epoch), closesAt: iso(closesAtMs(epoch, recipe)) }, epochs: epochs.map((one) => ({ ...one, ...spanOf(one.epoch), closedAt: one.closedAt.toISOString() })) };
  });
  const exported = { summary: 'All that is needed to recompute a closed epoch', params: Type.Object({ epoch: Type.Integer({ minimum: 0, maximum: 100_000 }) }), response: { 200: EpochExport } };
  http.get('/api/epochs/:epoch/export', { config: { access: 'public' }, schema: exported }, async (request) => {
    const found = await epochExport(db, request.params.epoch);
    if (found === null) throw new Problem({ status: 404, type: 'epoch_open', title: 'This epoch is not closed', detail: `Epoch ${request.params.epoch} closes on ${iso(closesAtMs(request.params.epoch, recipe))} at the earliest.` });
    return found;
  });
  http.get('/api/me/balance', { config: OWNERS, schema: { summary: 'Your balance: opening + lines = closing', querystring: Page, response: { 200: OwnBalance } } }, async (request) => {
    const account = ownId(request.account);
    const page = await balancePage(db, account, { after: BigInt(request.query.after ?? '0'), limit: request.query.limit ?? LINES });
    const provisional = await provisionalPoints(db, account);
    return {
      unit: UNIT, decimals: 6, balance: String(page.balance), opening: String(page.opening), closing: String(page.closing), next: page.next === null ? null : String(page.next),
      lines: page.lines.map(({ key, kind, epoch, at, amount }) => ({ key, kind, epoch, at: at.toISOString(), amount: String(amount) })),
      provisional: provisional.map((one) => ({ ...one, closesAt: iso(closesAtMs(one.epoch, recipe)) })),
    };
  });
  const open = { summary: 'What you have earned in an open epoch so far, frame by frame', params: Type.Object({ epoch: Type.Integer({ minimum: 0, maximum: 100_000 }) }), querystring: Page, response: { 200: OpenPoints } };
  http.get('/api/me/epochs/:epoch/points', { config: OWNERS, schema: open }, async (request) => {
    const { after = '0', limit = LINES } = request.query;
    const { epoch } = request.params;
    const found = await openPoints(db, { account: ownId(request.account), epoch }, { after: Number(after), limit });
    if (found === null) throw new Problem({ status: 404, type: 'points_unknown', title: 'You have no provisional points in this epoch', detail: 'What closed epochs paid is among the lines of GET /api/me/balance.' });
    return { ...found, closesAt: iso(closesAtMs(epoch, recipe)) };
  });
  const why = { summary: 'What one amount is made of, with every factor', params: Type.Object({ key: Type.String({ maxLength: 200 }) }), querystring: Page, response: { 200: PostingWhy } };
  http.get('/api/me/postings/:key/why', { config: OWNERS, schema: why }, async (request) => {
    const { after = '0', limit = LINES } = request.query;
    const found = await whyAmount(db, { account: ownId(request.account), key: request.params.key }, { after: Number(after), limit });
    if (found === null) throw new Problem({ status: 404, type: 'posting_unknown', title: 'You have no such posting', detail: 'GET /api/me/balance lists yours.' });
    return found;
  });
}

/** The route's access has seen to it that there is one. */
function ownId(account: { readonly id: AccountId } | null): AccountId {
  return account!.id;
}

function spanOf(epoch: number): { readonly from: string; readonly to: string } {
  const [fromS, toS] = epochSpan(epoch);
  return { from: iso(fromS * 1000), to: iso(toS * 1000) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

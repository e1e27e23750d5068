import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cell } from '../../../shared/model/cell.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Tx } from '../../../shared/io/db.ts';
import { Problem } from '../../../shared/io/problem.ts';
import type { Queue } from '../../../shared/io/queue.ts';
import { moved } from '../../../shared/model/geo.ts';
import type { AccountId, CaseId, DriveId, FrameId } from '../../../shared/model/ids.ts';
import type { JobName } from '../../../shared/model/jobs.ts';
import { RECIPE, type Recipe } from '../../../shared/model/recipe.ts';
import { type Decision, DECISIONS } from '../../../shared/model/review.ts';
import type { Verdict } from '../../../shared/model/verdict.ts';
import { withdraw } from '../../../ingest/withdraw.ts';
import { leaveMap } from '../../../tiles/jobs.ts';
import { rebuildCells } from '../../../tiles/rollup.ts';
import { cellsOfDrive } from '../../../tiles/store.ts';
import { openCases, waitingCases } from '../../../validate/review/case-store.ts';
import { decide, undo } from '../../../validate/review/decide.ts';
import { standingDecisions } from '../../../validate/review/decision-store.ts';
import { outcomeOf, reviewedVerdict } from '../../../validate/review/outcome.ts';
import { settleCase } from '../../../validate/review/settle.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { addAccount, addDrive, addFrame, sha256Of, uuidOf } from '../../tiles/world.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const REVIEWERS = ['rita', 'rob', 'ruth', 'anna'];
/** f flagged, a accepted, u unverified, p flagged and private. */
const DRIVES = ['afffap', 'ffuffa'];

type Act =
  | { readonly kind: 'decide'; readonly who: number; readonly on: number; readonly decision: Decision }
  | { readonly kind: 'undo'; readonly who: number; readonly on: number }
  | { readonly kind: 'withdraw'; readonly drive: number; readonly frame: number };
type Step = Act | { readonly kind: 'wait' } | { readonly kind: 'deliver' };

interface Sent {
  readonly name: JobName;
  readonly data: object;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('decide' as const), who: fc.nat(3), on: fc.nat(3), decision: fc.constantFrom(...DECISIONS) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), who: fc.nat(3), on: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), drive: fc.nat(1), frame: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const) }) },
);

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  for (const name of REVIEWERS) await addAccount(database.db, name);
});
afterAll(() => database.drop());

let runs = 0;

test(`whatever reviewers, their second thoughts and owners do, a frame has one state and the map follows (seed ${SEED})`, async () => {
  console.log(`review.property: seed ${SEED}`);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), fc.integer({ min: 1, max: 2 }), async (steps, reviewers) => {
      runs += 1;
      const world = await openWorld(`run ${runs}`, reviewers);
      for (const one of steps) await world.take(one);
      await world.take({ kind: 'wait' });
      await world.take({ kind: 'deliver' });
      await world.check();
    }),
    { seed: SEED, numRuns: 15 },
  );
}, 180_000);

async function openWorld(name: string, reviewers: number) {
  const { db } = database;
  const recipe: Recipe = { ...RECIPE, review: { ...RECIPE.review, reviewers } };
  const sent: Sent[] = [];
  const delayed: Sent[] = [];
  const send = async (tx: Tx, name: JobName, data: object, options?: { readonly afterS: number }) => tx.afterCommit(() => (options === undefined ? sent : delayed).push({ name, data }));
  const queue = { send } as unknown as Queue;
  const doors = { db, queue, clock: systemClock, recipe, leaveMap };
  const drives = await Promise.all(DRIVES.map((letters, n) => flaggedDrive(`${name} ${n}`, letters)));
  for (const drive of drives) await db.transaction((tx) => openCases(tx, systemClock, recipe, drive));
  const cases = await db.query<{ id: CaseId; driveId: DriveId }>('select id, drive_id as "driveId" from review_cases where drive_id = any($1) order by id', [drives]);
  expect(cases).toHaveLength(3);
  const chair = (who: number, on: number) => ({ caseId: cases[on % cases.length]!.id, reviewer: uuidOf(REVIEWERS[who]!) as AccountId });
  return { take, check };

  async function take(one: Step): Promise<void> {
    if (one.kind === 'wait') {
      await db.query(`update review_decisions set final_at = now() where undone_at is null and final_at > now()`);
      sent.push(...delayed.splice(0));
    } else if (one.kind === 'deliver') await deliver();
    else await refusable(() => act(one));
  }

  async function act(one: Act): Promise<unknown> {
    if (one.kind === 'undo') return undo(doors, chair(one.who, one.on));
    if (one.kind === 'decide') return decide(doors, chair(one.who, one.on), { decision: one.decision, reasons: one.decision === 'reject' ? ['picture_elsewhere'] : [], note: null });
    const frame = sha256Of(`${name} ${one.drive} ${one.frame}`) as FrameId;
    return withdraw(doors, { drive: drives[one.drive]!, frame, owner: uuidOf('anna') as AccountId });
  }

  /** At least once: every second job comes twice. */
  async function deliver(): Promise<void> {
    for (let n = 0; sent.length > 0; n += 1) {
      const job = sent.shift()!;
      for (let times = 0; times <= n % 2; times += 1) await run(job);
    }
  }

  async function run({ name, data }: Sent): Promise<void> {
    if (name === 'review.settle') await db.transaction((tx) => settleCase(tx, doors, (data as { caseId: CaseId }).caseId));
    if (name === 'frames.judged') await db.transaction(async (tx) => leaveMap(tx, await cellsOfDrive(tx, (data as { driveId: string }).driveId)));
  }

  async function check(): Promise<void> {
    for (const { id } of cases) await checkCase(id);
    for (const drive of drives) await checkDrive(drive);
    await checkLists();
    await checkMap();
  }

  async function checkCase(id: CaseId): Promise<void> {
    const decisions = await standingDecisions(db, id);
    const expected = outcomeOf(decisions.map(({ decision }) => decision), reviewers);
    const [row] = await db.query<{ outcome: string | null; states: string[]; verdict: string | null }>(
      `select c.outcome, c.verdict_id as verdict, array(select distinct f.state from review_case_frames w join frames f on f.key = w.frame_key where w.case_id = c.id order by 1) as states
       from review_cases c where c.id = $1`,
      [id],
    );
    const left = row!.states.filter((state) => state !== 'withdrawn');
    expect([expected, 'empty']).toContain(row!.outcome);
    if (left.length > 0) expect(row!.outcome).not.toBe('empty');
    // What was decided holds for all frames of the case or, where nothing was, for none.
    expect(left).toEqual(left.length === 0 ? [] : [expected ?? 'flagged']);
    expect(decisions.some(({ reviewer }) => reviewer === uuidOf('anna'))).toBe(false);
  }

  async function checkDrive(drive: DriveId): Promise<void> {
    const moves = await db.query<{ key: bigint; state: string; moves: string[] }>(
      `select f.key, f.state, array_agg(coalesce(h.from_state, '') || '>' || h.to_state order by h.seq) as moves
       from frames f join frame_history h on h.frame_key = f.key where f.drive_id = $1 group by f.key`,
      [drive],
    );
    for (const { state, moves: chain } of moves) {
      const steps = chain.map((move) => move.split('>'));
      expect(steps.slice(1).map(([from]) => from)).toEqual(steps.slice(0, -1).map(([, to]) => to));
      expect(steps.at(-1)![1]).toBe(state);
      expect(steps.filter(([from, to]) => from === 'flagged' && to !== 'withdrawn').length).toBeLessThanOrEqual(1);
    }
    const [settled] = await db.query<{ n: number; reviews: number; tips: number; verdict: Verdict }>(
      `select (select count(*)::int from review_cases where drive_id = $1 and outcome in ('accepted', 'rejected')) as n,
         (select count(*)::int from verdicts where drive_id = $1 and kind = 'review') as reviews,
         (select count(*)::int from verdicts v where drive_id = $1 and not exists (select from verdicts s where s.supersedes = v.id)) as tips,
         (select verdict from verdicts v where drive_id = $1 and not exists (select from verdicts s where s.supersedes = v.id)) as verdict`,
      [drive],
    );
    expect([settled!.reviews, settled!.tips]).toEqual([settled!.n, 1]);
    const [row] = await db.query<{ verdict: Verdict }>('select verdict from drives where id = $1', [drive]);
    expect(row!.verdict).toBe(settled!.verdict);
  }

  /** The list's SQL says the same as `outcomeOf`. */
  async function checkLists(): Promise<void> {
    for (const who of REVIEWERS) {
      const reviewer = uuidOf(who) as AccountId;
      const listed = (await waitingCases(db, reviewer, recipe.review, { after: null, limit: 1000 })).map(({ id }) => id).filter((id) => cases.some((one) => one.id === id));
      const expected = await Promise.all(cases.map(async ({ id }) => {
        const decisions = await standingDecisions(db, id);
        const open = await db.query(`select from review_cases c join review_case_frames w on w.case_id = c.id join frames f on f.key = w.frame_key where c.id = $1 and c.settled_at is null and f.state = 'flagged' and not f.private`, [id]);
        const wanted = outcomeOf(decisions.map(({ decision }) => decision), reviewers) === null;
        return who !== 'anna' && open.length > 0 && wanted && !decisions.some((one) => one.reviewer === reviewer);
      }));
      expect(new Set(listed)).toEqual(new Set(cases.filter((_, n) => expected[n]).map(({ id }) => id)));
    }
  }

  async function checkMap(): Promise<void> {
    const snapshot = () => db.query('select h3, digest, frames, contributors from cells where frames > 0 order by h3');
    const before = await snapshot();
    await db.query('truncate cells');
    await rebuildCells(db);
    expect(before).toEqual(await snapshot());
    expect(await db.query(`select from frame_points p join frames f on f.key = p.frame_key where f.state <> 'accepted' or f.private`)).toEqual([]);
    expect(await db.query(`select f.key from frames f left join frame_points p on p.frame_key = f.key where f.state = 'accepted' and not f.private and p.frame_key is null`)).toEqual([]);
  }
}

async function flaggedDrive(name: string, letters: string): Promise<DriveId> {
  const { db } = database;
  const id = (await addDrive(db, name, 'anna')) as DriveId;
  const cells: Cell[] = [];
  for (const [n, letter] of [...letters].entries()) {
    const place = moved({ latDeg: 52.37, lonDeg: 4.9 }, n * 15, 70);
    const state = letter === 'a' ? 'accepted' : letter === 'u' ? 'unverified' : 'flagged';
    const { cell } = await addFrame(db, { ...place, name: `${name} ${n}`, drive: name, account: 'anna', state, ordinal: n, privateReason: letter === 'p' ? 'trimmed_end' : null });
    cells.push(cell);
  }
  await db.query(`insert into verdicts (id, drive_id, recipe, verdict, tier, score, judgement) values ($1, $2, 1, 'flagged', 'B', 0.5, '{}')`, [uuidOf(`verdict of ${name}`), id]);
  await db.query(`update drives set verdict = 'flagged' where id = $1`, [id]);
  expect(reviewedVerdict({ accepted: 1, flagged: 1, rejected: 0, unverified: 0 })).toBe('flagged');
  await db.transaction((tx) => leaveMap(tx, [...new Set(cells)]));
  return id;
}

/** Refusals are answers; anything else is a broken machine. */
async function refusable(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect([403, 404, 409]).toContain(error.status);
  }
}

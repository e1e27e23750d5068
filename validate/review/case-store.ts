import { type Clock, uuid7 } from '../../shared/io/clock.ts';
import type { Db, Sql, Tx } from '../../shared/io/db.ts';
import type { AccountId, CaseId, DriveId } from '../../shared/model/ids.ts';
import type { Recipe, ReviewRules } from '../../shared/model/recipe.ts';
import { type JudgedFrame, stretchesToReview } from './cases.ts';

/** Opens a case for every stretch of the drive that waits for people and stands in none yet. */
export async function openCases(tx: Tx, clock: Clock, recipe: Recipe, drive: DriveId): Promise<number> {
  // Taken by everybody who opens or settles: two at once must not open the same stretch twice.
  const [owner] = await tx.query<{ id: AccountId }>('select account_id as id from drives where id = $1 for update', [drive]);
  const frames = await tx.query<JudgedFrame & { readonly h3: bigint }>(
    `select f.key, f.state = 'flagged' as "isFlagged", f.private as "isPrivate", extract(epoch from f.captured_at)::float8 as "capturedS", f.h3_r5 as h3,
       exists (select from review_case_frames c where c.frame_key = f.key and not c.settled) as "isWaiting"
     from frames f where f.drive_id = $1 and f.state in ('accepted', 'unverified', 'flagged', 'rejected') order by f.ordinal, f.key`,
    [drive],
  );
  const stretches = stretchesToReview(frames, { windowS: recipe.validate.windowS, mostFrames: recipe.review.mostFrames });
  for (const stretch of stretches) {
    const id = uuid7(clock);
    await tx.query('insert into review_cases (id, drive_id, account_id, h3_r5) values ($1, $2, $3, $4)', [id, drive, owner!.id, stretch[0]!.h3]);
    await tx.query('insert into review_case_frames (case_id, frame_key) select $1, unnest($2::bigint[])', [id, stretch.map(({ key }) => key)]);
  }
  return stretches.length;
}

/** Drives with public frames that wait for people and stand in no case: judged before there were any. */
export async function drivesWithoutCases(db: Db): Promise<readonly DriveId[]> {
  const rows = await db.query<{ id: DriveId }>(
    `select distinct f.drive_id as id from frames f
     where f.state = 'flagged' and not f.private and not exists (select from review_case_frames c where c.frame_key = f.key and not c.settled)`,
  );
  return rows.map(({ id }) => id);
}

/** A case by itself, without its frames. */
export interface CaseRow {
  readonly id: CaseId;
  readonly driveId: DriveId;
  readonly owner: AccountId;
  readonly openedAt: Date;
  readonly ageS: number;
  readonly settledAt: Date | null;
  readonly outcome: 'accepted' | 'rejected' | 'empty' | null;
}

const CASE = `c.id, c.drive_id as "driveId", c.account_id as owner, c.opened_at as "openedAt",
  floor(extract(epoch from now() - c.opened_at))::int as "ageS", c.settled_at as "settledAt", c.outcome`;

export async function findCase(sql: Sql, id: CaseId): Promise<CaseRow | null> {
  const [row] = await sql.query<CaseRow>(`select ${CASE} from review_cases c where c.id = $1`, [id]);
  return row ?? null;
}

/** The case, held until the transaction ends: decisions, their undoing and their effect take turns. */
export async function lockCase(tx: Tx, id: CaseId): Promise<CaseRow | null> {
  const [row] = await tx.query<CaseRow>(`select ${CASE} from review_cases c where c.id = $1 for update`, [id]);
  return row ?? null;
}

/** The rule of `outcomeOf` over all decisions that stand, final or not; a test compares the two. */
const WANTS_ANOTHER = `(select a = r or greatest(a, r) < case when least(a, r) = 0 then $2 else greatest($2, 2) end
  from (select count(*) filter (where d.decision = 'accept') as a, count(*) filter (where d.decision = 'reject') as r
        from review_decisions d where d.case_id = c.id and d.undone_at is null) votes)`;

/** What this reviewer could decide on: another's drive, not decided by them, with something to see, and still wanting a vote. */
const WAITING = `c.settled_at is null and c.account_id <> $1 and ${WANTS_ANOTHER}
  and not exists (select from review_decisions d where d.case_id = c.id and d.account_id = $1 and d.undone_at is null)
  and exists (select from review_case_frames w join frames f on f.key = w.frame_key where w.case_id = c.id and f.state = 'flagged' and not f.private)`;

export interface CasePage {
  readonly after: CaseId | null;
  readonly limit: number;
}

/** Cases that wait for this reviewer, oldest first. */
export function waitingCases(sql: Sql, reviewer: AccountId, { reviewers }: ReviewRules, { after, limit }: CasePage): Promise<readonly CaseRow[]> {
  return sql.query<CaseRow>(
    `select ${CASE} from review_cases c where ${WAITING}
       and ($3::uuid is null or (c.opened_at, c.id) > (select o.opened_at, o.id from review_cases o where o.id = $3))
     order by c.opened_at, c.id limit $4`,
    [reviewer, reviewers, after, limit],
  );
}

export async function countWaiting(sql: Sql, reviewer: AccountId, { reviewers }: ReviewRules): Promise<number> {
  const [row] = await sql.query<{ n: number }>(`select count(*)::int as n from review_cases c where ${WAITING}`, [reviewer, reviewers]);
  return row!.n;
}

export interface CaseFrame {
  readonly id: string;
  readonly path: string;
  readonly capturedS: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly headingDeg: number | null;
  readonly hasPicture: boolean;
}

/** What reviewers see of the case, in time order: neither private frames nor those that their owner took back. */
export function caseFrames(sql: Sql, id: CaseId): Promise<readonly CaseFrame[]> {
  return sql.query<CaseFrame>(
    `select encode(f.id, 'hex') as id, f.path, extract(epoch from f.captured_at)::float8 as "capturedS", f.lat_deg as "latDeg",
       f.lon_deg as "lonDeg", f.heading_deg as "headingDeg", f.thumb_sha256 is not null as "hasPicture"
     from review_case_frames c join frames f on f.key = c.frame_key
     where c.case_id = $1 and not f.private and f.state not in ('withdrawn', 'taken_down') order by f.ordinal, f.key`,
    [id],
  );
}

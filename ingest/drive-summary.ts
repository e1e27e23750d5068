import { type Static, Type } from 'typebox';
import type { Sql } from '../shared/io/db.ts';
import { FRAME_STATES, type FrameState } from '../shared/model/frame-state.ts';
import type { AccountId, DriveId } from '../shared/model/ids.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Note = Type.Object({ code: Type.String(), detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) });

/** A drive as its owner sees it. Counts add up: files that are pictures = processing + all the other states. */
export const DriveSummary = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.String({ description: 'open, processing, judged or refused' }),
  reason: nullable(Type.String()),
  reasonDetail: nullable(Type.Unknown()),
  notes: Type.Array(Note),
  licence: Type.String(),
  trimM: nullable(Type.Number()),
  createdAt: Type.String(),
  closedAt: nullable(Type.String()),
  judgedAt: nullable(Type.String()),
  verdict: nullable(Type.String()),
  tier: nullable(Type.String()),
  score: nullable(Type.Number()),
  files: Type.Object({ announced: Type.Number(), stored: Type.Number() }),
  counts: Type.Record(Type.String(), Type.Number()),
  points: Type.String({ description: 'Provisional micro-points' }),
  demo: Type.Boolean(),
});
export type DriveSummary = Static<typeof DriveSummary>;

interface Row extends Omit<DriveSummary, 'files' | 'counts' | 'createdAt' | 'closedAt' | 'judgedAt'> {
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly judgedAt: Date | null;
  readonly announced: number;
  readonly stored: number;
  readonly states: Partial<Record<FrameState, number>> | null;
  readonly private: number;
}

const SUMMARY = `select d.id, d.name, d.state, d.reason, d.reason_detail as "reasonDetail", d.notes, d.licence, d.trim_m as "trimM",
    d.created_at as "createdAt", d.closed_at as "closedAt", d.judged_at as "judgedAt", d.verdict, d.tier, d.score, d.demo,
    (select count(*)::int from drive_files f where f.drive_id = d.id) as announced,
    (select count(*)::int from drive_files f where f.drive_id = d.id and f.stored_at is not null) as stored,
    (select json_object_agg(state, n) from (select state, count(*)::int as n from frames f where f.drive_id = d.id group by state) s) as states,
    (select count(*)::int from frames f where f.drive_id = d.id and f.private) as private,
    (select coalesce(sum(p.micro_points), 0)::text from frame_points p join frames f on f.key = p.frame_key where f.drive_id = d.id) as points
  from drives d`;

export async function driveSummary(sql: Sql, id: DriveId): Promise<DriveSummary | null> {
  const [row] = await sql.query<Row>(`${SUMMARY} where d.id = $1`, [id]);
  return row === undefined ? null : summaryOf(row);
}

/** The simulated drives of a first start, oldest first. */
export async function demoSummaries(sql: Sql): Promise<readonly DriveSummary[]> {
  return (await sql.query<Row>(`${SUMMARY} where d.demo order by d.id`)).map(summaryOf);
}

/** The account's drives, newest first; `before` is the id of the last one seen. */
export async function driveSummaries(sql: Sql, account: AccountId, page: { readonly before: DriveId | null; readonly limit: number }): Promise<readonly DriveSummary[]> {
  const rows = await sql.query<Row>(
    `${SUMMARY} where d.account_id = $1 and ($2::uuid is null or d.id < $2) order by d.id desc limit $3`,
    [account, page.before, page.limit],
  );
  return rows.map(summaryOf);
}

function summaryOf({ announced, stored, states, private: kept, createdAt, closedAt, judgedAt, ...row }: Row): DriveSummary {
  const count = (state: FrameState) => states?.[state] ?? 0;
  const settled = FRAME_STATES.filter((state) => state !== 'received' && state !== 'ready');
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    judgedAt: judgedAt?.toISOString() ?? null,
    files: { announced, stored },
    counts: {
      received: FRAME_STATES.reduce((sum, state) => sum + count(state), 0),
      processing: count('received') + count('ready'),
      ...Object.fromEntries(settled.map((state) => [state, count(state)])),
      private: kept,
    },
  };
}

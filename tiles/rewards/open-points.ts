import type { Sql } from '../../shared/io/db.ts';
import { type Cell, cellHex } from '../../shared/model/cell.ts';
import type { Epoch } from '../../shared/model/epoch.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { OpenPoints } from './answers.ts';
import { provisionalPoints } from './balance.ts';

interface PaidFrame {
  readonly microPoints: string;
  readonly id: string;
  readonly driveId: string;
  readonly drive: string;
  readonly capturedAt: Date | null;
  readonly state: string;
  readonly h3: Cell;
  readonly octant: number;
  readonly factors: OpenPoints['lines'][number]['factors'];
}

/** The frames behind an account's provisional points, the largest first; null where it has none in this epoch, or it is closed. */
export async function openPoints(sql: Sql, { account, epoch }: { readonly account: AccountId; readonly epoch: Epoch }, page: { readonly after: number; readonly limit: number }): Promise<Omit<OpenPoints, 'closesAt'> | null> {
  const sums = (await provisionalPoints(sql, account)).find((one) => one.epoch === epoch);
  if (sums === undefined) return null;
  const rows = await sql.query<PaidFrame>(
    `select p.micro_points::text as "microPoints", encode(f.id, 'hex') as id, f.drive_id as "driveId", d.name as drive, f.captured_at as "capturedAt", f.state, p.h3, p.octant,
       json_build_object('potMicroPoints', p.pot_micro_points::text, 'refillDays', p.refill_days, 'refillOfDays', p.refill_of_days, 'areaPpm', p.area_ppm,
         'rank', p.rank, 'share', p.share, 'shareOf', p.share_of, 'qualityPpm', p.quality_ppm, 'tierHalves', p.tier_halves) as factors
     from frame_points p join frames f on f.key = p.frame_key join drives d on d.id = f.drive_id
     where p.account_id = $1 and p.epoch = $2 and p.micro_points > 0
     order by p.micro_points desc, p.frame_key offset $3 limit $4`,
    [account, epoch, page.after, page.limit + 1],
  );
  return {
    epoch, microPoints: sums.microPoints, ofMicroPoints: sums.ofMicroPoints,
    lines: rows.slice(0, page.limit).map(({ microPoints, h3, octant, factors, capturedAt, ...frame }) => ({
      microPoints, factors, place: { h3: cellHex(h3), octant }, frame: { id: frame.id, driveId: frame.driveId, drive: frame.drive, state: frame.state, capturedAt: capturedAt?.toISOString() ?? null },
    })),
    next: rows.length > page.limit ? String(page.after + page.limit) : null,
  };
}

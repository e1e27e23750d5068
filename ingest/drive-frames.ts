import { type Static, Type } from 'typebox';
import type { Sql } from '../shared/io/db.ts';
import type { DriveId } from '../shared/model/ids.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A frame as its owner sees it: state, reasons with their figures, and what it would earn. */
export const OwnFrame = Type.Object({
  path: Type.String(),
  id: Type.String(),
  state: Type.String(),
  reasons: Type.Array(Type.String()),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  duplicateOf: nullable(Type.String()),
  capturedAt: nullable(Type.String()),
  latDeg: nullable(Type.Number()),
  lonDeg: nullable(Type.Number()),
  headingDeg: nullable(Type.Number()),
  sequence: nullable(Type.Number()),
  private: nullable(Type.String({ description: 'Why it is not shown to others' })),
  score: nullable(Type.Number()),
  tier: nullable(Type.String()),
  points: Type.String({ description: 'Provisional micro-points' }),
  thumbUrl: nullable(Type.String()),
  pictureUrl: nullable(Type.String()),
});
export type OwnFrame = Static<typeof OwnFrame>;

export const FramePage = Type.Object({ frames: Type.Array(OwnFrame), next: nullable(Type.String()) });
export type FramePage = Static<typeof FramePage>;

interface Row extends Omit<OwnFrame, 'capturedAt' | 'thumbUrl' | 'pictureUrl'> {
  readonly key: bigint;
  readonly capturedAt: Date | null;
  readonly hasPicture: boolean;
}

/** A page of the drive's frames in the folder's order, after the key given. */
export async function driveFrames(sql: Sql, drive: DriveId, page: { readonly after: bigint; readonly limit: number }): Promise<FramePage> {
  const rows = await sql.query<Row>(
    `select f.key, f.path, encode(f.id, 'hex') as id, f.state, f.reasons, f.reason_detail as detail, encode(f.duplicate_of, 'hex') as "duplicateOf",
       f.captured_at as "capturedAt", f.lat_deg as "latDeg", f.lon_deg as "lonDeg", f.heading_deg as "headingDeg", f.sequence,
       f.private_reason as private, f.score, f.tier, f.picture_sha256 is not null as "hasPicture",
       coalesce((select sum(p.micro_points) from frame_points p where p.frame_key = f.key), 0)::text as points
     from frames f where f.drive_id = $1 and f.key > $2 order by f.key limit $3`,
    [drive, page.after, page.limit],
  );
  return {
    frames: rows.map(({ key: _key, capturedAt, hasPicture, ...row }) => ({
      ...row,
      capturedAt: capturedAt?.toISOString() ?? null,
      thumbUrl: hasPicture ? `/api/frames/${row.id}/thumb.jpg` : null,
      pictureUrl: hasPicture ? `/api/frames/${row.id}/picture.jpg` : null,
    })),
    next: rows.length < page.limit ? null : String(rows.at(-1)!.key),
  };
}

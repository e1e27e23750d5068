create sequence map_versions;

-- One row a cell and resolution (12 to 0), each coarser row made only from the seven or six below it. The resolution
-- stands in the highest bits of an index, so the rows of one resolution, and the descendants of one cell at it, are
-- one range of the primary key. Rows whose last frame left stay, empty, so that /api/changes can say that it did.
create table cells (
  h3 bigint primary key,
  -- Of the refresh that last changed this row or one below it.
  version bigint not null,
  -- Over everything a tile shows of the frames below, for coarser rows over the digests below: equal digests, equal tiles.
  digest bytea not null,
  frames integer not null check (frames >= 0),
  -- A k-minimum-values sketch of the contributors' hashes (tiles/sketch.ts): 8 bytes each, ascending.
  contributors bytea not null check (length(contributors) % 8 = 0),
  -- Days since 1970-01-01 by local solar time.
  first_day integer,
  last_day integer,
  last_captured_at timestamptz,
  quality double precision check (quality between 0 and 1),
  -- Frames that look N, NE, E, SE, S, SW, W, NW.
  headings integer[] not null check (cardinality(headings) = 8),
  unheaded integer not null check (unheaded >= 0),
  licences text[] not null,
  check ((frames = 0) = (last_captured_at is null) and (frames = 0) = (first_day is null) and (frames = 0) = (last_day is null))
);
create index cells_version on cells (version);

-- Where each frame of a judged drive looks, with hysteresis along its sequence (tiles/rewards/pots.ts); -1: unknown.
-- It depends on the drive's kept frames alone, so no later move of a frame changes it.
create table frame_octants (
  frame_key bigint primary key references frames on delete cascade,
  octant smallint not null check (octant between -1 and 7)
);

-- What each public frame earns before its epoch closes, and every factor of it. Recomputed pot by pot, never decremented.
create table frame_points (
  frame_key bigint primary key references frames on delete cascade,
  epoch integer not null,
  h3 bigint not null,
  octant smallint not null check (octant between -1 and 7),
  account_id uuid not null references accounts,
  -- Among the pot's paid contributors by first capture, from 1; null where nothing of this contributor can be paid.
  rank integer check (rank >= 1),
  -- This contributor's best frame in the pot; the others earn nothing.
  best boolean not null,
  micro_points bigint not null check (micro_points >= 0),
  pot_micro_points bigint not null check (pot_micro_points >= 0),
  refill_days integer not null,
  refill_of_days integer not null,
  area_ppm integer not null check (area_ppm > 0),
  share integer not null,
  share_of integer not null check (share_of > 0 and share between 0 and share_of),
  -- Null: not measured, which takes nothing away.
  quality_ppm integer check (quality_ppm between 0 and 1000000),
  tier_halves integer not null check (tier_halves between 0 and 2),
  -- Why an accepted frame earns nothing or less, as a code of shared/model/reason.ts.
  reason text,
  check (refill_days between 0 and refill_of_days),
  check (micro_points <= pot_micro_points)
);
create index frame_points_pot on frame_points (h3, octant, epoch);
create index frame_points_account on frame_points (account_id, epoch);

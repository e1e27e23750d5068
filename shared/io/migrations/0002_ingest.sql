create table drives (
  id uuid primary key,
  account_id uuid not null references accounts,
  manifest_sha256 bytea not null check (length(manifest_sha256) = 32),
  name text not null,
  licence text not null,
  -- Metres around ends and stops that stay private; null: derived from the instance key and the place.
  trim_m integer check (trim_m between 0 and 5000),
  -- Times asserted by the contributor for pictures that have none.
  assert_start timestamptz,
  assert_interval_s double precision check (assert_interval_s > 0),
  camera_offset_s double precision,
  state text not null default 'open' check (state in ('open', 'processing', 'judged', 'refused')),
  reason text,
  reason_detail jsonb,
  notes jsonb not null default '[]',
  shards_left integer not null default 0 check (shards_left >= 0),
  input_sha256 bytea,
  -- The assembled drive (shared/model/drive-document.ts) in the object store, what Validate reads.
  document_sha256 bytea,
  device jsonb,
  verdict text check (verdict in ('accepted', 'flagged', 'rejected', 'unverified')),
  tier text check (tier in ('A', 'B', 'C')),
  score double precision,
  demo boolean not null default false,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  judged_at timestamptz,
  check ((assert_start is null) = (assert_interval_s is null)),
  unique (account_id, manifest_sha256)
);
create index drives_account on drives (account_id, created_at desc);

-- The manifest: what was announced, and when each file arrived.
create table drive_files (
  drive_id uuid not null references drives,
  ordinal integer not null,
  path text not null,
  size bigint not null check (size >= 0),
  sha256 bytea not null check (length(sha256) = 32),
  stored_at timestamptz,
  primary key (drive_id, ordinal),
  unique (drive_id, path)
);
create index drive_files_sha256 on drive_files (sha256);

create table frame_transitions (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into frame_transitions values
  ('received', 'refused'), ('received', 'dropped'), ('received', 'ready'),
  ('ready', 'accepted'), ('ready', 'unverified'), ('ready', 'flagged'), ('ready', 'rejected'),
  ('flagged', 'accepted'), ('flagged', 'rejected'),
  ('rejected', 'flagged'), ('unverified', 'flagged'),
  ('received', 'withdrawn'), ('ready', 'withdrawn'), ('accepted', 'withdrawn'), ('unverified', 'withdrawn'),
  ('flagged', 'withdrawn'), ('rejected', 'withdrawn'), ('refused', 'withdrawn'), ('dropped', 'withdrawn'),
  ('received', 'taken_down'), ('ready', 'taken_down'), ('accepted', 'taken_down'), ('unverified', 'taken_down'),
  ('flagged', 'taken_down'), ('rejected', 'taken_down'), ('refused', 'taken_down'), ('dropped', 'taken_down'),
  ('withdrawn', 'taken_down');

-- One row for every picture file of a closed drive. `id` is the SHA-256 of the bytes that were sent.
create table frames (
  key bigint generated always as identity primary key,
  drive_id uuid not null references drives,
  account_id uuid not null references accounts,
  path text not null,
  id bytea not null check (length(id) = 32),
  size bigint not null,
  state text not null default 'received'
    check (state in ('received', 'refused', 'dropped', 'ready', 'accepted', 'unverified', 'flagged', 'rejected', 'withdrawn', 'taken_down')),
  reasons text[] not null default '{}',
  reason_detail jsonb not null default '{}',
  duplicate_of bytea,
  -- Which job or person made the last move; the history trigger copies it.
  moved_by text not null default 'ingest.read',
  -- What the picture says of itself, before the drive is assembled.
  exif jsonb,
  captured_at timestamptz,
  time_source text check (time_source in ('gps', 'exif', 'track', 'asserted')),
  lat_deg double precision check (lat_deg between -90 and 90),
  lon_deg double precision check (lon_deg between -180 and 180),
  position_source text check (position_source in ('exif', 'frames.csv', 'track')),
  alt_m double precision,
  heading_deg double precision check (heading_deg >= 0 and heading_deg < 360),
  speed_mps double precision,
  hacc_m double precision,
  sequence integer,
  -- Within the drive's kept frames, in time order, from 0.
  ordinal integer,
  private_reason text check (private_reason in ('trimmed_end', 'trimmed_stop', 'private_zone')),
  private boolean generated always as (private_reason is not null) stored,
  h3_r12 bigint,
  h3_r5 bigint,
  width integer,
  height integer,
  -- SHA-256 of the derivatives: at most 2048 and 500 pixels wide, and the 64×36 grey levels.
  picture_sha256 bytea,
  thumb_sha256 bytea,
  grey_sha256 bytea,
  quality double precision check (quality between 0 and 1),
  tier text check (tier in ('A', 'B', 'C')),
  score double precision,
  created_at timestamptz not null default now(),
  unique (drive_id, path),
  check (state in ('received', 'refused', 'dropped', 'withdrawn', 'taken_down')
         or (captured_at is not null and lat_deg is not null and lon_deg is not null and h3_r12 is not null))
);
create index frames_id on frames (id);
create index frames_drive_order on frames (drive_id, ordinal);
create index frames_public_cell on frames (h3_r12) where state = 'accepted' and private_reason is null;

-- The same bytes count once, whoever sends them: the drive closed first holds the claim, taken when it closes. Refused
-- frames give theirs back.
create table frame_claims (
  id bytea primary key check (length(id) = 32),
  drive_id uuid not null references drives
);
create index frame_claims_drive on frame_claims (drive_id);

create table frame_history (
  frame_key bigint not null references frames,
  seq bigint generated always as identity,
  from_state text,
  to_state text not null,
  reasons text[] not null,
  moved_by text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (frame_key, seq)
);

create function guard_frame_state() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'received' then
      raise exception 'a frame begins as received, not %', new.state using errcode = 'check_violation';
    end if;
    insert into frame_history (frame_key, from_state, to_state, reasons, moved_by)
    values (new.key, null, new.state, new.reasons, new.moved_by);
  elsif new.state is distinct from old.state then
    if not exists (select from frame_transitions t where t.from_state = old.state and t.to_state = new.state) then
      raise exception 'frame % may not move from % to %', new.key, old.state, new.state using errcode = 'check_violation';
    end if;
    insert into frame_history (frame_key, from_state, to_state, reasons, moved_by)
    values (new.key, old.state, new.state, new.reasons, new.moved_by);
  end if;
  return null;
end $$;
create trigger frames_guard_state after insert or update of state on frames
  for each row execute function guard_frame_state();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger frame_history_append_only before update on frame_history
  for each row execute function refuse_change();

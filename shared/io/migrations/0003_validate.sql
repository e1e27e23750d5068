-- What the judges said of a drive; a later row supersedes, none is edited.
create table verdicts (
  id uuid primary key,
  drive_id uuid not null references drives,
  supersedes uuid unique references verdicts,
  recipe integer not null,
  verdict text not null check (verdict in ('accepted', 'flagged', 'rejected', 'unverified')),
  tier text not null check (tier in ('A', 'B', 'C')),
  score double precision not null check (score between 0 and 1),
  -- The judgement as `wayproof judge` prints it (without `ms`), byte for byte; not jsonb, which would reorder keys.
  judgement text not null,
  created_at timestamptz not null default now()
);
create index verdicts_drive on verdicts (drive_id, created_at);
create trigger verdicts_append_only before update on verdicts
  for each row execute function refuse_change();

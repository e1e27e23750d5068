-- The machine's verdicts hold a judgement; a review's verdict supersedes one without judging again, so it holds none.
alter table verdicts add column kind text not null default 'judge' check (kind in ('judge', 'review'));
alter table verdicts alter column judgement drop not null;
alter table verdicts add constraint verdicts_judgement check ((kind = 'judge') = (judgement is not null));

-- A stretch of consecutive flagged frames that people decide on as one.
create table review_cases (
  id uuid primary key,
  drive_id uuid not null references drives,
  -- Whose drive it is: never their own reviewer.
  account_id uuid not null references accounts,
  h3_r5 bigint not null,
  opened_at timestamptz not null default now(),
  settled_at timestamptz,
  -- `empty`: its owner withdrew every frame before anybody's decision took effect.
  outcome text check (outcome in ('accepted', 'rejected', 'empty')),
  -- The verdict that followed.
  verdict_id uuid unique references verdicts,
  check ((settled_at is null) = (outcome is null)),
  check ((verdict_id is null) = (outcome is null or outcome = 'empty'))
);
create index review_cases_waiting on review_cases (opened_at, id) where settled_at is null;
create index review_cases_drive on review_cases (drive_id);

create table review_case_frames (
  case_id uuid not null references review_cases on delete cascade,
  frame_key bigint not null references frames on delete cascade,
  settled boolean not null default false,
  primary key (case_id, frame_key)
);
-- A frame waits in one case only; after an appeal it may stand in another.
create unique index review_case_frames_waiting on review_case_frames (frame_key) where not settled;

-- What each reviewer said. A decision takes effect at `final_at`, by the database's clock, unless it was undone before.
create table review_decisions (
  id uuid primary key,
  case_id uuid not null references review_cases on delete cascade,
  account_id uuid not null references accounts,
  decision text not null check (decision in ('accept', 'reject', 'unsure')),
  reasons text[] not null default '{}',
  note text check (length(note) <= 1000),
  decided_at timestamptz not null default now(),
  final_at timestamptz not null,
  undone_at timestamptz,
  check ((decision = 'reject') = (cardinality(reasons) > 0)),
  check (undone_at is null or undone_at < final_at)
);
create unique index review_decisions_one on review_decisions (case_id, account_id) where undone_at is null;

-- A closed epoch: what was given out under which recipe. Nothing of it changes again; corrections are later postings.
create table epochs (
  epoch integer primary key,
  closed_at timestamptz not null,
  recipe integer not null,
  pool numeric(20) not null check (pool >= 0),
  -- Closed before its grace was over, on an instance of one's own.
  forced boolean not null,
  -- Over all shares (tiles/rewards/merkle.ts).
  merkle_root bytea not null check (length(merkle_root) = 32)
);

-- The pool's parts: emitted + carried in = paid + carried out.
create table epoch_purses (
  epoch integer not null references epochs,
  purse text not null check (purse in ('coverage', 'review', 'nodes')),
  percent integer not null,
  emitted numeric(20) not null check (emitted >= 0),
  carried_in numeric(20) not null check (carried_in >= 0),
  paid numeric(20) not null check (paid >= 0),
  carried_out numeric(20) not null check (carried_out >= 0),
  weight numeric(30) not null check (weight >= 0),
  primary key (epoch, purse),
  check (emitted + carried_in = paid + carried_out)
);

-- What an account earned of a purse. In public it is its pseudonym, another one in each epoch.
create table epoch_shares (
  epoch integer not null,
  purse text not null,
  pseudonym bytea not null check (length(pseudonym) = 32),
  account_id uuid references accounts on delete set null,
  weight numeric(30) not null check (weight > 0),
  amount numeric(20) not null check (amount >= 0),
  primary key (epoch, purse, pseudonym),
  foreign key (epoch, purse) references epoch_purses
);
create index epoch_shares_account on epoch_shares (account_id, epoch);

-- What each share is made of: its frames, with the commitment that stands for the place in public. Without the salt
-- nobody can tell any more which place that was.
create table epoch_lines (
  epoch integer not null,
  purse text not null,
  pseudonym bytea not null,
  commitment bytea not null check (length(commitment) = 32),
  salt bytea check (length(salt) = 32),
  frame_key bigint references frames on delete set null,
  weight bigint not null check (weight > 0),
  amount bigint not null check (amount >= 0),
  primary key (epoch, purse, pseudonym, commitment),
  foreign key (epoch, purse, pseudonym) references epoch_shares
);
create index epoch_lines_frame on epoch_lines (frame_key);

create function forget_place() returns trigger language plpgsql as $$
begin
  update epoch_lines set salt = null where frame_key = old.key;
  return null;
end $$;
-- A frame that is gone takes its place with it, whoever removes it; its amount stays.
create trigger frames_forget_place after update of state on frames
  for each row when (new.state in ('withdrawn', 'taken_down') and old.state is distinct from new.state) execute function forget_place();
create function forget_deleted_place() returns trigger language plpgsql as $$
begin
  update epoch_lines set salt = null where frame_key = old.key;
  return old;
end $$;
create trigger frames_forget_deleted_place before delete on frames for each row execute function forget_deleted_place();

create trigger epochs_append_only before update or delete or truncate on epochs
  for each statement execute function refuse_change();
create trigger epoch_purses_append_only before update or delete or truncate on epoch_purses
  for each statement execute function refuse_change();

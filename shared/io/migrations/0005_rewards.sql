-- Double entry. A transaction and its postings are written in one database transaction, sum to zero in each unit,
-- and never change again; the database refuses everything else, whoever asks.
create table ledger_transactions (
  id bigint generated always as identity primary key,
  -- What this transaction is, such as epoch:12:coverage: the same thing is posted once.
  key text not null unique check (key <> ''),
  kind text not null check (kind <> ''),
  detail jsonb not null default '{}',
  posted_at timestamptz not null default now(),
  -- Which database transaction wrote it: no posting can be added once that has ended.
  written_by xid8 not null default pg_current_xact_id()
);

create sequence ledger_posting_ids;
create table ledger_postings (
  id bigint primary key,
  transaction_id bigint not null references ledger_transactions,
  key text not null unique check (key <> ''),
  account text not null check (account <> ''),
  unit text not null check (unit <> ''),
  amount bigint not null check (amount <> 0)
);
alter sequence ledger_posting_ids owned by ledger_postings.id;
create index ledger_postings_transaction on ledger_postings (transaction_id, id);
create index ledger_postings_balance on ledger_postings (account, unit) include (amount);

create function ledger_open_transaction() returns trigger language plpgsql as $$
begin
  new.written_by := pg_current_xact_id();
  return new;
end $$;
create trigger ledger_transactions_open before insert on ledger_transactions
  for each row execute function ledger_open_transaction();

-- The id is always the sequence's: the balance check below relies on later postings having higher ids.
create function ledger_admit_posting() returns trigger language plpgsql as $$
begin
  new.id := nextval('ledger_posting_ids');
  if not exists (
    select from ledger_transactions t where t.id = new.transaction_id and t.written_by = pg_current_xact_id()
  ) then
    raise exception 'ledger transaction % is closed or does not exist', new.transaction_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger ledger_postings_admit before insert on ledger_postings
  for each row execute function ledger_admit_posting();

create function ledger_check_balance(checked bigint) returns void language plpgsql as $$
declare
  crooked record;
begin
  if (select count(*) from ledger_postings p where p.transaction_id = checked) < 2 then
    raise exception 'ledger transaction % has fewer than two postings', checked using errcode = 'check_violation';
  end if;
  select p.unit, sum(p.amount) as left_over into crooked
    from ledger_postings p where p.transaction_id = checked group by p.unit having sum(p.amount) <> 0 limit 1;
  if found then
    raise exception 'ledger transaction % does not balance: % % left over', checked, crooked.left_over, crooked.unit
      using errcode = 'check_violation';
  end if;
end $$;

create function ledger_check_transaction() returns trigger language plpgsql as $$
begin
  perform ledger_check_balance(new.id);
  return null;
end $$;

-- Every posting queues a check, but only the last one sums, so that n postings cost n and not n².
create function ledger_check_posting() returns trigger language plpgsql as $$
begin
  if not exists (select from ledger_postings p where p.transaction_id = new.transaction_id and p.id > new.id) then
    perform ledger_check_balance(new.transaction_id);
  end if;
  return null;
end $$;

create constraint trigger ledger_transactions_balance after insert on ledger_transactions
  deferrable initially deferred for each row execute function ledger_check_transaction();
create constraint trigger ledger_postings_balance after insert on ledger_postings
  deferrable initially deferred for each row execute function ledger_check_posting();

create trigger ledger_transactions_append_only before update or delete or truncate on ledger_transactions
  for each statement execute function refuse_change();
create trigger ledger_postings_append_only before update or delete or truncate on ledger_postings
  for each statement execute function refuse_change();

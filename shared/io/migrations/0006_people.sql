-- `wpi_<id>_<secret>`: whoever holds an invite may make one account with these roles. Only the secret's SHA-256 is kept.
create table invites (
  id text primary key,
  secret_sha256 bytea not null check (length(secret_sha256) = 32),
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['contributor', 'consumer', 'validator', 'operator']),
  -- Null: made at the machine itself, with `wayproof account invite`.
  made_by uuid references accounts,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  uses_left integer not null default 1 check (uses_left >= 0)
);

-- Who came in by which invite.
create table invite_uses (
  invite_id text not null references invites,
  account_id uuid primary key references accounts,
  used_at timestamptz not null default now()
);
create index invite_uses_invite on invite_uses (invite_id);

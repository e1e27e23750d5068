-- People and what they may do. Names are for people; everything else refers to the id.
create table accounts (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9_-]{0,38}$'),
  roles text[] not null check (roles <@ array['contributor', 'consumer', 'validator', 'operator']),
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

-- `wp_<id>_<secret>`: the secret is shown once and only its SHA-256 is kept (it is 256 random bits, so no salt is needed).
create table tokens (
  id text primary key,
  account_id uuid not null references accounts,
  secret_sha256 bytea not null check (length(secret_sha256) = 32),
  label text not null default '',
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index tokens_account on tokens (account_id);

-- What must be the same for all processes of an instance and secret to everyone else, such as the key of the trim radius.
create table instance_secrets (
  name text primary key,
  secret bytea not null check (length(secret) = 32)
);

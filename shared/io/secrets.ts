import type { Clock } from './clock.ts';
import type { Sql } from './db.ts';

/** A secret that all processes of the instance share and nobody else knows, made at first use: 32 random bytes. */
export async function secretOf(sql: Sql, clock: Clock, name: string): Promise<Buffer> {
  await sql.query('insert into instance_secrets (name, secret) values ($1, $2) on conflict do nothing', [name, clock.random(32)]);
  const [row] = await sql.query<{ secret: Buffer }>('select secret from instance_secrets where name = $1', [name]);
  return row!.secret;
}

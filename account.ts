import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openInstance } from './instance.ts';
import { createAccount, findAccount, issueToken } from './shared/io/accounts.ts';
import { type Clock } from './shared/io/clock.ts';
import { readConfig } from './shared/io/config.ts';
import type { Db } from './shared/io/db.ts';
import { ROLES, type Role } from './shared/model/role.ts';

/** `wayproof account add NAME --role …`: a new account; its token is printed once. */
export function accountCommand(program: Command): void {
  program
    .command('account')
    .description('accounts of this instance')
    .command('add')
    .description('make an account and print its token, which cannot be shown again')
    .argument('<name>', '1 to 39 of a-z, 0-9, - and _')
    .requiredOption('--role <role>', `${ROLES.join(', ')}; may be given several times`, collectRole, [])
    .addHelpText('after', '\nExample:\n  wayproof account add ann --role contributor --role validator')
    .action(async (name: string, { role }: { role: readonly Role[] }) => {
      const instance = await openInstance(readConfig(process.env), () => {}, { join: true });
      try {
        const token = await instance.db.transaction(async (tx) => {
          const account = await createAccount(tx, instance.clock, { name, roles: role });
          return await issueToken(tx, instance.clock, account.id);
        });
        console.log(`Account ${name} (${role.join(', ')}). Its token, shown only now:\n${token}`);
      } finally {
        await instance.close();
      }
    });
}

function collectRole(value: string, before: readonly Role[]): readonly Role[] {
  const role = ROLES.find((known) => known === value);
  if (role === undefined) throw new InvalidArgumentError(`it must be one of ${ROLES.join(', ')}.`);
  return [...before, role];
}

export interface OwnToken {
  readonly path: string;
  /** The token itself, where it was made just now. */
  readonly fresh: string | null;
}

/** The account of the person at this machine, made at the first start of an embedded instance; its token lies in `home`. */
export async function ownToken(db: Db, clock: Clock, home: string): Promise<OwnToken> {
  const path = join(home, 'token');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.trim() !== '') return { path, fresh: null };
  const fresh = await db.transaction(async (tx) => {
    const account = (await findAccount(tx, 'you')) ?? (await createAccount(tx, clock, { name: 'you', roles: [...ROLES] }));
    return await issueToken(tx, clock, account.id);
  });
  await writeFile(path, `${fresh}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return { path, fresh };
}

import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Instance, openInstance } from './instance.ts';
import { INVITE_DAYS, inviteLink } from './invite-link.ts';
import { createAccount, findAccount, issueToken, listAccounts, type ListedAccount, revokeToken, tokenIdOf } from './shared/io/accounts.ts';
import { type Clock } from './shared/io/clock.ts';
import { readConfig } from './shared/io/config.ts';
import type { Db } from './shared/io/db.ts';
import { makeInvite } from './shared/io/invites.ts';
import { ROLES, type Role } from './shared/model/role.ts';

const ROLE_HELP = `${ROLES.join(', ')}; may be given several times`;
const DAY_S = 86_400;

/** `wayproof account …`: who may do what here, at the machine itself. */
export function accountCommand(program: Command): void {
  const account = program
    .command('account')
    .description('accounts of this instance: add, list, token, invite, revoke')
    .addHelpText('after', '\nExamples:\n  wayproof account add ann --role contributor\n  wayproof account invite --role contributor\n  wayproof account revoke 0123456789ab');
  addCommand(account);
  listCommand(account);
  tokenCommand(account);
  inviteCommand(account);
  revokeCommand(account);
}

interface Flags {
  readonly role: readonly Role[];
  readonly json?: boolean;
}

function addCommand(account: Command): void {
  account
    .command('add')
    .description('make an account and print its token, which cannot be shown again')
    .argument('<name>', '1 to 39 of a-z, 0-9, - and _')
    .requiredOption('--role <role>', ROLE_HELP, collectRole)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  wayproof account add ann --role contributor --role validator')
    .action(async (name: string, { role, json }: Flags) => {
      const { id, token } = await withInstance(({ db, clock }) => db.transaction(async (tx) => {
        const made = await createAccount(tx, clock, { name, roles: role });
        return { id: made.id, token: await issueToken(tx, clock, made.id) };
      }));
      print(json, { id, name, roles: role, token }, `Account ${name} (${role.join(', ')}). Its token, shown only now:\n${token}`);
    });
}

function listCommand(account: Command): void {
  account
    .command('list')
    .description('everybody here, with the ids of their tokens')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  wayproof account list --json')
    .action(async ({ json }: Flags) => {
      const accounts = await withInstance(({ db }) => listAccounts(db));
      print(json, accounts, accounts.length === 0 ? 'No accounts yet.' : accounts.map(line).join('\n'));
    });
}

function line({ name, roles, drives, tokens }: ListedAccount): string {
  return `${name.padEnd(20)} ${roles.join(', ').padEnd(46)} ${String(drives).padStart(6)} drives  tokens: ${tokens.join(', ') || 'none'}`;
}

function tokenCommand(account: Command): void {
  account
    .command('token')
    .description('print a new token of an account; its others go on working')
    .argument('<name>', 'whose')
    .option('--label <text>', 'what it is for', '')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  wayproof account token ann --label "the car\'s computer"')
    .action(async (name: string, { label, json }: Flags & { readonly label: string }) => {
      const token = await withInstance(({ db, clock }) => db.transaction(async (tx) => {
        const found = await findAccount(tx, name);
        if (found === null) throw new Error(`there is no account "${name}"`);
        return await issueToken(tx, clock, found.id, label);
      }));
      print(json, { id: tokenIdOf(token), name, label, token }, `A new token of ${name}, shown only now:\n${token}`);
    });
}

function inviteCommand(account: Command): void {
  account
    .command('invite')
    .description('print a link by which somebody makes an account')
    .requiredOption('--role <role>', ROLE_HELP, collectRole)
    .option('--days <days>', 'how long it works', count, INVITE_DAYS)
    .option('--uses <number>', 'how many accounts it makes', count, 1)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  wayproof account invite --role contributor --days 2')
    .action(async ({ role, days, uses, json }: Flags & { readonly days: number; readonly uses: number }) => {
      const config = readConfig(process.env);
      const { invite, expiresAt } = await withInstance(({ db, clock }) => makeInvite(db, clock, { roles: role, expiresInS: days * DAY_S, uses, madeBy: null }));
      const link = inviteLink(config.publicUrl ?? config.localUrl, invite);
      print(json, { link, invite, roles: role, uses, expiresAt }, `Whoever opens this becomes ${role.join(', ')}, until ${expiresAt.toISOString()}:\n${link}`);
    });
}

function revokeCommand(account: Command): void {
  account
    .command('revoke')
    .description('end a token at once')
    .argument('<token-id>', 'the twelve digits after wp_, or the whole token')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  wayproof account revoke 0123456789ab')
    .action(async (given: string, { json }: Flags) => {
      const id = tokenIdOf(given) ?? given;
      if (!(await withInstance(({ db }) => revokeToken(db, id, null)))) throw new Error(`there is no token ${id} that works`);
      print(json, { id, revoked: true }, `Token ${id} works no more.`);
    });
}

async function withInstance<Result>(act: (instance: Instance) => Promise<Result>): Promise<Result> {
  const instance = await openInstance(readConfig(process.env), () => {}, { join: true });
  try {
    return await act(instance);
  } finally {
    await instance.close();
  }
}

function print(json: boolean | undefined, value: unknown, text: string): void {
  console.log(json === true ? JSON.stringify(value) : text);
}

/** Without a default: then commander says itself that the option is missing. */
function collectRole(value: string, before: readonly Role[] = []): readonly Role[] {
  const role = ROLES.find((known) => known === value);
  if (role === undefined) throw new InvalidArgumentError(`it must be one of ${ROLES.join(', ')}.`);
  return before.includes(role) ? before : [...before, role];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 to 9999.');
  return Number(text);
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

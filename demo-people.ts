import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccount, findAccount, issueToken } from './shared/io/accounts.ts';
import type { Clock } from './shared/io/clock.ts';
import type { Db, Tx } from './shared/io/db.ts';
import type { AccountId } from './shared/model/ids.ts';
import type { Role } from './shared/model/role.ts';

/** Somebody of the demo; contributors are the drivers of `fixtures/demo.ts`. */
export interface DemoPerson {
  readonly name: string;
  readonly role: Role;
  readonly id: AccountId;
  readonly token: string;
  /** Made just now: its token has not been shown yet. */
  readonly isNew: boolean;
}

const PEOPLE: readonly { readonly name: string; readonly role: Role }[] = [
  ...['ada', 'ben', 'cem', 'dia', 'eve', 'ivo', 'mal'].map((name) => ({ name: `demo-${name}`, role: 'contributor' as const })),
  { name: 'demo-vera', role: 'validator' },
  { name: 'demo-carl', role: 'consumer' },
];

function fileIn(home: string): string {
  return join(home, 'demo-tokens');
}

/** The people of the demo: made at the first start, found again later. Their tokens lie in a file that only its owner reads. */
export async function demoPeople(db: Db, clock: Clock, home: string): Promise<readonly DemoPerson[]> {
  const kept = new Map((await readFile(fileIn(home), 'utf8').catch(() => '')).split('\n').map((line) => line.split(' ')).map(([name = '', , token = '']) => [name, token]));
  const people = await db.transaction(async (tx) => {
    const found: DemoPerson[] = [];
    for (const person of PEOPLE) found.push(await personOf(tx, clock, { ...person, kept: kept.get(person.name) ?? '' }));
    return found;
  });
  if (people.some(({ isNew }) => isNew)) await writeFile(fileIn(home), people.map(({ name, role, token }) => `${name} ${role} ${token}\n`).join(''), { mode: 0o600 });
  return people;
}

/** A token that was lost with its file is of no use to anybody any more, and ends. */
async function personOf(tx: Tx, clock: Clock, { name, role, kept }: { readonly name: string; readonly role: Role; readonly kept: string }): Promise<DemoPerson> {
  const found = await findAccount(tx, name);
  if (found !== null && kept !== '') return { name, role, id: found.id, token: kept, isNew: false };
  const { id } = found ?? (await createAccount(tx, clock, { name, roles: [role], demo: true }));
  await tx.query('update tokens set revoked_at = now() where account_id = $1 and revoked_at is null', [id]);
  return { name, role, id, token: await issueToken(tx, clock, id), isNew: true };
}

/** Forgets the tokens, when the demo is removed. */
export async function forgetDemoTokens(home: string): Promise<void> {
  await rm(fileIn(home), { force: true });
}

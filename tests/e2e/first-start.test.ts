import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processesIn } from './after-trouble.ts';
import { findBrowser, launchBrowser } from './browser.ts';
import { instanceHome, type RunningProcess, startWayproof } from './wayproof-process.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';

const browserPath = findBrowser();
const run = promisify(execFile);

/** The whole program as somebody meets it: start, look, upload, look again, kill it, start again. */
describe.skipIf(browserPath === null)('from nothing to a map', () => {
  let instance: Awaited<ReturnType<typeof instanceHome>>;
  let wayproof: RunningProcess;

  beforeAll(async () => {
    instance = await instanceHome();
    wayproof = await startWayproof(instance.home);
  });
  afterAll(async () => {
    await wayproof.end('SIGTERM');
    await instance.remove();
  });

  test('the demo comes to the map, and its cheats are held back with a reason in words', async () => {
    await wayproof.says(/demo\s+complete/, 240_000);
    const browser = await launchBrowser(browserPath!);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(wayproof.url);
      await expect.poll(() => cellsInView(page), { timeout: 60_000 }).toBeGreaterThan(50);
      const { drives } = (await (await fetch(`${wayproof.url}/api/demo/drives`)).json()) as { drives: { id: string; name: string; verdict: string }[] };
      const verdicts = Object.fromEntries(drives.map(({ name, verdict }) => [name, verdict]));
      const honest = ['ada', 'ben', 'cem', 'dia'].flatMap((name) => [[`demo-${name}`, 'accepted'], [`demo-${name}-earlier`, 'accepted']]);
      expect(verdicts).toEqual({ ...Object.fromEntries(honest), 'demo-eve': 'flagged', 'demo-ivo': 'rejected', 'demo-mal': 'rejected' });
      const eve = drives.find(({ name }) => name === 'demo-eve')!;
      // As a visitor would find it, without a token: Demo, the drive, why it was held back.
      await page.getByRole('link', { name: 'Demo' }).click();
      await page.getByRole('link', { name: eve.name }).click();
      await page.getByText(/A position lay [\d.]+ m from where the motion before and after it leads/).first().waitFor({ timeout: 30_000 });
    } finally {
      await browser.close();
    }
  }, 300_000);

  test('everybody of the demo has a token that nobody else can read, and its honest people were paid', async () => {
    const file = join(instance.home, 'demo-tokens');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const people = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' ') as [string, string, string]);
    expect(people.map(([name, role]) => `${name} ${role}`)).toEqual([...['ada', 'ben', 'cem', 'dia', 'eve', 'ivo', 'mal'].map((name) => `demo-${name} contributor`), 'demo-vera validator', 'demo-carl consumer']);
    for (const [name, role, token] of people) {
      expect(wayproof.output()).toContain(token);
      const ask = async (path: string) => await fetch(`${wayproof.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(await (await ask('/api/me')).json()).toMatchObject({ name, roles: [role] });
      const balance = await ask('/api/me/balance');
      if (role === 'consumer') expect(balance.status).toBe(403);
      else expect((Number(((await balance.json()) as { balance: string }).balance) > 0)).toBe(['ada', 'ben', 'cem', 'dia'].includes(name.slice(5)));
    }
  });

  test('who was paid sees each amount with the frames behind it', async () => {
    const [, , token] = readFileSync(join(instance.home, 'demo-tokens'), 'utf8').trim().split('\n')[0]!.split(' ') as [string, string, string];
    const browser = await launchBrowser(browserPath!);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
      await page.addInitScript(`sessionStorage.setItem('wayproof.token', '${token}')`);
      await page.goto(wayproof.url);
      await page.getByRole('link', { name: 'Earnings' }).first().click();
      const { balance } = (await (await fetch(`${wayproof.url}/api/me/balance`, { headers: { authorization: `Bearer ${token}` } })).json()) as { balance: string };
      await expect.poll(async () => ((await page.locator('.balance .amount').textContent()) ?? '').replaceAll(/\D/g, '').replace(/^0+/, ''), { timeout: 30_000 }).toBe(balance);
      await page.getByRole('link', { name: /^Why: Epoch \d+, coverage/ }).click();
      await page.locator('.paid-frame').first().waitFor({ timeout: 30_000 });
      expect(await page.locator('.share .result dd').textContent()).toContain((await page.locator('.earnings-head .amount').textContent())!);
    } finally {
      await browser.close();
    }
  });

  test('its closed epoch is recomputed from the public export', async () => {
    const { epochs } = (await (await fetch(`${wayproof.url}/api/epochs`)).json()) as { epochs: { epoch: number; accounts: number; forced: boolean }[] };
    expect(epochs).toMatchObject([{ accounts: 4, forced: false }]);
    const { stdout } = await run(process.execPath, ['wayproof.js', 'epoch', 'verify', `${wayproof.url}/api/epochs/${epochs[0]!.epoch}/export`], { cwd: join(import.meta.dirname, '../..') });
    expect(stdout).toMatch(/is right: 800000\.000000 paid to 4 accounts for \d+ frames, 200000\.000000 carried/);
  });

  test('an upload is judged, fills its cells on the map and earns points', async () => {
    const folder = join(instance.home, 'my drive');
    const frames = await writeSimulatedDrive(folder, { endsAtS: Date.now() / 1000 - 3600, each: 2 });
    const { stdout } = await run(process.execPath, ['wayproof.js', 'upload', '--json', '--trim', '0', '--url', wayproof.url, folder], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, WAYPROOF_HOME: instance.home },
      maxBuffer: 64 * 1024 * 1024,
    });
    const [{ drive, frames: judged }] = JSON.parse(stdout) as [{ drive: { id: string; verdict: string; counts: Record<string, number> }; frames: { id: string; state: string; latDeg: number; lonDeg: number }[] }];
    expect(drive.verdict).toBe('accepted');
    expect(drive.counts).toMatchObject({ received: frames, accepted: frames });
    const token = await wayproof.token();
    await expect.poll(async () => Number(((await (await fetch(`${wayproof.url}/api/drives/${drive.id}`, { headers: { authorization: `Bearer ${token}` } })).json()) as { points: string }).points), { timeout: 30_000 }).toBeGreaterThan(0);

    const browser = await launchBrowser(browserPath!);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const { latDeg, lonDeg, id } = judged[Math.floor(judged.length / 2)]!;
      await page.goto(`${wayproof.url}/?at=18/${latDeg}/${lonDeg}`);
      await expect.poll(() => framesInView(page), { timeout: 60_000 }).toContain(id);
      expect(await cellsInView(page)).toBeGreaterThan(0);
    } finally {
      await browser.close();
    }
    // A picture of a real upload is not published before it is blurred; its owner sees it.
    const picture = `${wayproof.url}/api/frames/${judged[0]!.id}/thumb.jpg`;
    expect((await fetch(picture)).status).toBe(202);
    expect((await fetch(picture, { headers: { authorization: `Bearer ${token}` } })).headers.get('content-type')).toBe('image/jpeg');
  });

  test('after kill -9 the next start recovers by itself: the same map, one Postgres', async () => {
    const before = await snapshot(wayproof.url);
    expect(before.tile.length).toBeGreaterThan(100);
    await wayproof.end('SIGKILL');
    wayproof = await startWayproof(instance.home);
    expect(wayproof.output()).toContain('left running by a Wayproof that was killed');
    await wayproof.says('demo drives are on the map', 60_000);
    expect(await snapshot(wayproof.url)).toEqual(before);
    expect(processesIn(instance.home, '/postgres')).toHaveLength(1);
  });

  test('SIGTERM stops everything, Postgres included, with status 0', async () => {
    expect(await wayproof.end('SIGTERM')).toBe(0);
    expect(processesIn(instance.home, '/postgres')).toEqual([]);
    wayproof = await startWayproof(instance.home);
    expect((await fetch(`${wayproof.url}/healthz`)).status).toBe(200);
  });

  test('the demo can be taken away: drives, people and tokens go, what was paid is carried again, the export still comes out', async () => {
    const { stdout } = await run(process.execPath, ['wayproof.js', 'demo', 'remove'], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, WAYPROOF_HOME: instance.home, WAYPROOF_STATE: join(instance.home, 'state') } });
    expect(stdout).toMatch(/Removed 11 demo drives with 674 frames/);
    expect(existsSync(join(instance.home, 'demo-tokens'))).toBe(false);
    expect(await (await fetch(`${wayproof.url}/api/demo/drives`)).json()).toEqual({ drives: [] });
    const { epochs } = (await (await fetch(`${wayproof.url}/api/epochs`)).json()) as { epochs: { epoch: number }[] };
    const verified = await run(process.execPath, ['wayproof.js', 'epoch', 'verify', `${wayproof.url}/api/epochs/${epochs[0]!.epoch}/export`], { cwd: join(import.meta.dirname, '../..') });
    expect(verified.stdout).toContain('is right: 800000.000000 paid to 4 accounts');
  });
});

async function snapshot(url: string): Promise<{ tile: string; demo: unknown }> {
  const { bounds } = (await (await fetch(`${url}/api/config`)).json()) as { bounds: [number, number, number, number] };
  const [west, south, east, north] = bounds;
  const z = 14;
  const lat = (((south + north) / 2) * Math.PI) / 180;
  const x = Math.floor((((west + east) / 2 + 180) / 360) * 2 ** z);
  const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * 2 ** z);
  const tile = Buffer.from(await (await fetch(`${url}/tiles/${z}/${x}/${y}.mvt`)).arrayBuffer()).toString('base64');
  return { tile, demo: await (await fetch(`${url}/api/demo/drives`)).json() };
}

async function cellsInView(page: Page): Promise<number> {
  return new Set(await rendered(page, 'cells')).size;
}

async function framesInView(page: Page): Promise<readonly string[]> {
  return await rendered(page, 'frames');
}

interface DrawnMap {
  queryRenderedFeatures(): readonly { readonly sourceLayer?: string; readonly properties: Readonly<Record<string, unknown>> }[];
}

/** Names of what the map has drawn of a layer of our tiles; empty before the map is there. */
async function rendered(page: Page, layer: string): Promise<readonly string[]> {
  return await page.evaluate((wanted) => {
    const { wayproof } = globalThis as unknown as { readonly wayproof?: { readonly map: DrawnMap } };
    const drawn = wayproof?.map.queryRenderedFeatures() ?? [];
    return drawn.filter(({ sourceLayer }) => sourceLayer === wanted).map(({ properties }) => String(properties['id'] ?? properties['h3']));
  }, layer);
}

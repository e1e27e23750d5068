import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cellCentre, parseCell } from '../../shared/model/cell.ts';
import { buildViewer } from '../../viewer/build.ts';
import { classOf, MEASURES, rampClasses } from '../../viewer/ramp.ts';
import type { Theme } from '../../viewer/tokens.ts';
import { expectSound, LOOKS, openApp, type OpenOptions } from './browser-app.ts';
import { cellsShown, findChromium, launch, mapSettled, pixelsOf } from './chromium.ts';
import { DRIVE_ID } from './mock-drives.ts';
import { GONE, type MockServer, startMockServer, TOKEN } from './mock-server.ts';
import { frameId } from './mock-world.ts';

const chromium = findChromium();
if (chromium === null) console.warn('tests/viewer/app: skipped, no Chromium found (set CHROMIUM_PATH)');

const WIDE = '/?at=9/48.2/11.6';
const FRAME = frameId('demo 0 20');
const TODAY = Math.floor(Date.now() / 86_400_000);

describe.skipIf(chromium === null)('the app in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: MockServer;
  const wrong: string[] = [];

  beforeAll(async () => {
    const { outDir } = await buildViewer();
    expect((await buildViewer()).rebuilt).toBe(false);
    server = await startMockServer(outDir);
    browser = await launch(chromium!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    server.faults.tiles = null;
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(wrong.splice(0)).toEqual([]);
  });

  const open = (path: string, options: OpenOptions = {}): Promise<Page> => openApp({ browser, server, wrong }, path, options);

  test.each(MEASURES)('by %s, legend, map and network count the same cells', async (measure) => {
    const page = await open(`${WIDE}&by=${measure}&list=1`);
    await mapSettled(page);
    const shown = await cellsShown(page);
    const world = server.world.cells(7);
    const inView = await pixelsOf(page, [...world].map(([name, { h3 }]) => ({ name, lonLat: lonLat(h3) })));
    expect(inView.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
    expect(shown.filter((name) => !world.has(name))).toEqual([]);
    const ramp = rampClasses(measure, 'light', TODAY);
    const expected = ramp.map(({ index }) => shown.filter((name) => {
      const { frames, lastDay, quality } = world.get(name)!;
      return classOf({ frames, last: lastDay, ...(quality === null ? {} : { quality: Math.round(quality * 100) }) }, measure, ramp) === index;
    }).length);
    await expect.poll(async () => await legend(page)).toEqual(expected);
    expect(await page.locator('table.cells tbody tr').count()).toBe(Math.min(100, shown.length));
  });

  test.each(['light', 'dark'] as const)('cells have the colour of their class, %s', async (theme: Theme) => {
    const page = await open(`${WIDE}&by=count`, { colorScheme: theme });
    await mapSettled(page);
    const world = server.world.cells(7);
    const ramp = rampClasses('count', theme, TODAY);
    const places = await pixelsOf(page, [...world].map(([name, { h3 }]) => ({ name, lonLat: lonLat(h3) })));
    const clear = places.filter(({ x, y }) => x > 320 && x < 1340 && y > 180 && y < 820).slice(0, 40);
    expect(clear.length).toBeGreaterThanOrEqual(10);
    const { data, info } = await sharp(await page.screenshot()).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    for (const { name, x, y } of clear) {
      const painted = [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
      const colour = ramp[classOf({ frames: world.get(name)!.frames }, 'count', ramp)]!.colour;
      const meant = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
      expect(painted.every((value, channel) => Math.abs(value - meant[channel]!) <= 8), `${name}: ${painted.join()} for ${colour}`).toBe(true);
    }
  });

  test('the amounts of the legend are written as large as its words', async () => {
    const page = await open(WIDE);
    await mapSettled(page);
    expect(await page.evaluate('[...new Set([...document.querySelectorAll(".legend .class :is(.bound, .amount)")].map((one) => getComputedStyle(one).fontSize))].length')).toBe(1);
  });

  test('a class that is switched off leaves the map and stays in the address', async () => {
    const page = await open(WIDE);
    await mapSettled(page);
    const before = await cellsShown(page);
    const [first = 0] = await legend(page);
    expect(first).toBeGreaterThan(0);
    await page.locator('.legend .class').first().click();
    await mapSettled(page);
    expect((await cellsShown(page)).length).toBe(before.length - first);
    expect(new URL(page.url()).searchParams.get('off')).toBe('0');
    await page.reload();
    await mapSettled(page);
    expect((await cellsShown(page)).length).toBe(before.length - first);
  });

  test('without a place in the address the map shows the coverage, and a click selects, goes one down and back', async () => {
    const page = await open('/');
    await mapSettled(page);
    expect(new URL(page.url()).searchParams.get('at')).toMatch(/^1[4-7]/);
    await page.goto(`${server.url}/?at=18/${at(FRAME).latDeg}/${at(FRAME).lonDeg}`);
    await mapSettled(page);
    const [middle] = await pixelsOf(page, [{ name: 'frame', lonLat: [at(FRAME).lonDeg, at(FRAME).latDeg] }]);
    await page.mouse.click(middle!.x, middle!.y);
    await page.locator('.panel').getByText('Accepted').waitFor();
    expect(new URL(page.url()).searchParams.get('frame')).toBe(FRAME);
    for (let click = 0; click < 4 && !page.url().includes('cell='); click += 1) await page.mouse.click(middle!.x, middle!.y);
    await page.locator('.panel .headline').waitFor();
    expect(new URL(page.url()).searchParams.get('frame')).toBeNull();
    await page.goBack();
    expect(page.url()).not.toContain('cell=');
    await page.keyboard.press('Escape');
    expect(page.url()).not.toMatch(/frame=|drive=|cell=/);
  });

  test('tiles that fail leave what is drawn, and come back', async () => {
    const page = await open(WIDE);
    await mapSettled(page);
    const before = await cellsShown(page);
    server.faults.tiles = 503;
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.getByText('Coverage could not be loaded (503).').waitFor();
    expect((await cellsShown(page)).some((cell) => before.includes(cell))).toBe(true);
    server.faults.tiles = null;
    await page.getByRole('button', { name: 'Now' }).click();
    await expect.poll(async () => (await cellsShown(page)).some((cell) => server.world.cells(6).has(cell)), { timeout: 20_000 }).toBe(true);
    expect(await page.locator('.strip').count()).toBe(0);
  });

  test('a picture is stepped through with the arrows, also after a click on the small map', async () => {
    const page = await open(`/frames/${FRAME}`);
    await page.getByRole('heading', { name: 'Picture 21 of' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Picture 22 of' }).waitFor();
    await mapSettled(page);
    await page.locator('.corner').click({ position: { x: 12, y: 12 } });
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('heading', { name: 'Picture 21 of' }).waitFor();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('heading', { name: 'Picture 31 of' }).waitFor();
    expect(await page.locator('.check').count()).toBe(3);
    expect(await page.locator('.stage img').getAttribute('alt')).toMatch(/^Street picture, looking \S+, \d+ \S+ 20\d\d, Accepted$/);
    await page.getByRole('link', { name: 'Back to the map' }).click();
    await mapSettled(page);
    expect(await page.locator('.panel').count()).toBe(1);
  });

  test('withdrawn, not yet published and unknown are three pages', async () => {
    const said = await Promise.all([GONE.withdrawn, GONE.pending, GONE.missing].map(async (id) => await (await open(`/frames/${id}`)).locator('.notice h1').textContent()));
    expect(said).toEqual(['Withdrawn', 'Not published yet', 'No such picture']);
  });

  test('signing in shows who it is, returns, and forgets with the tab', async () => {
    const page = await open('/drives');
    await page.getByLabel('Token').fill('wp_wrong');
    await page.getByRole('button', { name: 'Check the token' }).click();
    await page.getByText('not known here').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByText('This is ada.').waitFor();
    await page.getByRole('button', { name: 'Continue as ada' }).click();
    await page.getByRole('heading', { name: 'My drives' }).waitFor();
    expect(page.url()).toBe(`${server.url}/drives`);
    expect(await page.evaluate('[sessionStorage.getItem("wayproof.token"), localStorage.getItem("wayproof.token")]')).toEqual([TOKEN, null]);
    expect(await page.locator('.drive-row').count()).toBe(4);
    await page.getByLabel('Account, language, theme').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(async () => await page.evaluate('sessionStorage.getItem("wayproof.token")')).toBeNull();
  });

  test('a drive lists every frame, with at most 200 rows in the page, and says why', async () => {
    const page = await open(`/drives/${DRIVE_ID}`, { token: TOKEN });
    await page.locator('.frame-table .row').nth(5).waitFor();
    const sum = (await page.locator('.sum-line b').allTextContents()).map(Number);
    expect(sum[0]).toBe(840);
    expect(sum.slice(1).reduce((a, b) => a + b)).toBe(840);
    expect(await page.locator('.frame-table .row').count()).toBeLessThan(200);
    await page.locator('.scroller').hover();
    await page.mouse.wheel(0, 100_000);
    await page.getByText('IMG_00839.JPG').waitFor();
    expect(await page.locator('.frame-table .row').count()).toBeLessThan(200);
    await page.getByRole('radio', { name: 'Rejected' }).check();
    await page.getByRole('button', { name: 'Details of frames/IMG_00060.JPG' }).click();
    await page.locator('.frame-sheet').getByText('300 m in 1 s; at the reported speed 24 m are possible.').waitFor();
    await page.locator('.frame-sheet summary').click();
    await page.locator('.frame-sheet .check.over').getByText('300 m of 24.0 m').waitFor();
    await page.locator('.sheet-picture img[src^="blob:"]').waitFor();
    expect(new URL(page.url()).searchParams.get('show')).toBe('rejected');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.url()).toContain('IMG_00061');
  });

  test('keys, theme and language', async () => {
    const page = await open(WIDE, { colorScheme: 'light' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next colouring').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    expect(page.url()).toContain('by=count');
    await page.keyboard.press('t');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByLabel('Account, language, theme').click();
    await page.locator('.menu select').selectOption('de');
    await page.getByRole('link', { name: 'Meine Fahrten' }).first().waitFor();
    await page.reload();
    expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dataset.theme]')).toEqual(['de', 'dark']);
  });

  const pages: readonly (readonly [string, string])[] = [
    ['map', WIDE], ['map with table', `${WIDE}&list=1`], ['cell', '/?at=13.5/48.2125/11.606&cell=8a1f8d73680ffff'], ['frame on the map', `/?at=17/48.2125/11.606&frame=${FRAME}`],
    ['picture', `/frames/${FRAME}`], ['gone', `/frames/${GONE.withdrawn}`], ['sign-in', '/sign-in'], ['drives', '/drives'],
    ['drive', `/drives/${DRIVE_ID}?frame=frames/IMG_00060.JPG`], ['reasons', '/reasons'], ['reason', '/reasons/teleport'], ['missing', '/nowhere'],
  ];
  test.each(pages)('%s: no complaint of axe, no gap in the words, no overflow', async (name, path) => {
    await Promise.all(LOOKS.map(async (look) => {
      const page = await open(path, { ...look, token: path.startsWith('/drives') ? TOKEN : null });
      if (/map|cell|picture/.test(name)) await mapSettled(page);
      await expectSound(page);
    }));
  });

  function at(id: string): { latDeg: number; lonDeg: number } {
    return server.world.frames.find((frame) => frame.id === id)!;
  }
});

async function legend(page: Page): Promise<number[]> {
  return (await page.locator('.legend .amount').allTextContents()).map((text) => Number(text.replaceAll(/\D/g, '')));
}

function lonLat(h3: Parameters<typeof cellCentre>[0]): [number, number] {
  const { latDeg, lonDeg } = cellCentre(parseCell(h3.toString(16))!);
  return [lonDeg, latDeg];
}

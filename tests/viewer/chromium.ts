import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

/** What the app's test hook gives of MapLibre; as much as these tests use. */
interface MapHook {
  areTilesLoaded(): boolean;
  isMoving(): boolean;
  loaded(): boolean;
  once(event: 'idle', done: () => void): void;
  triggerRepaint(): void;
  project(lonLat: [number, number]): { x: number; y: number };
  getBounds(): { contains(lonLat: [number, number]): boolean };
  queryRenderedFeatures(options: { layers: string[] }): { properties: Record<string, unknown> }[];
}
declare const window: { readonly wayproof?: { readonly map: MapHook } };
declare const axe: { run(options: { rules: Readonly<Record<string, { enabled: boolean }>> }): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };

const CANDIDATES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine; null where it is not. */
export function findChromium(): string | null {
  return CANDIDATES.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Full Chromium in its new headless mode; WebGL comes from its software rasteriser. */
export async function launch(executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] });
}

/** Waits until the map has drawn all that it wants to draw. */
export async function mapSettled(page: Page): Promise<void> {
  await page.waitForFunction(() => window.wayproof !== undefined);
  await page.evaluate(async () => {
    const { map } = window.wayproof!;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (map.loaded() && map.areTilesLoaded() && !map.isMoving()) resolve();
        else {
          map.once('idle', look);
          map.triggerRepaint();
        }
      };
      map.once('idle', look);
      map.triggerRepaint();
    });
  });
}

/** The cells that the map shows, each once. */
export async function cellsShown(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(() => window.wayproof!.map.queryRenderedFeatures({ layers: ['cells'] }).map(({ properties }) => String(properties['h3'])));
  return [...new Set(found)].toSorted();
}

/** Which of these places are in view, and on which pixel of the page. */
export async function pixelsOf(page: Page, places: readonly { name: string; lonLat: [number, number] }[]): Promise<{ name: string; x: number; y: number }[]> {
  const box = (await page.locator('.map-canvas').boundingBox())!;
  const found = await page.evaluate((all) => {
    const { map } = window.wayproof!;
    const bounds = map.getBounds();
    return all.filter(({ lonLat }) => bounds.contains(lonLat)).map(({ name, lonLat }) => ({ name, ...map.project(lonLat) }));
  }, places.map(({ name, lonLat }) => ({ name, lonLat })));
  return found.map(({ name, x, y }) => ({ name, x: Math.round(x + box.x), y: Math.round(y + box.y) }));
}

/** What axe-core finds wrong on the page as it is now, as text. */
export async function complaints(page: Page): Promise<readonly string[]> {
  // Given to the page by the debugger, not as a script element, which the content security policy forbids.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return await page.evaluate(async () => {
    // Of its rules the one for small targets is off unless it is asked for: 24 px, or room around it (WCAG 2.2, 2.5.8).
    const { violations } = await axe.run({ rules: { 'target-size': { enabled: true } } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  });
}

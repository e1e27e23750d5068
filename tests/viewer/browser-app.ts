import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { complaints } from './chromium.ts';
import type { MockServer } from './mock-server.ts';

/** What a test of the app in a browser has: where it is, and a list of what went wrong in its pages. */
export interface AppUnderTest {
  readonly browser: Browser;
  readonly server: MockServer;
  readonly wrong: string[];
}

export type OpenOptions = BrowserContextOptions & { readonly token?: string | null };

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const LEFT_OVER = /[{}]|\bNaN\b|\bundefined\b|Invalid Date|\[object/;

/** A desk in daylight, and a phone at night in German. */
export const LOOKS = [
  { viewport: DESK, colorScheme: 'light' },
  { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true, locale: 'de-DE' },
] as const satisfies readonly BrowserContextOptions[];

/** Opens a page of the app in a window of its own, signed in where a token is given; whatever goes wrong there is noted. */
export async function openApp({ browser, server, wrong }: AppUnderTest, path: string, { token = null, ...context }: OpenOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Europe/Berlin', ...context })).newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.url)) wrong.push(`asked elsewhere: ${request.url()}`);
  });
  if (token !== null) await page.addInitScript(`sessionStorage.setItem('wayproof.token', '${token}')`);
  await page.goto(server.url + path);
  await page.locator('main h1').waitFor({ state: 'attached' });
  return page;
}

/** No complaint of axe, no gap in the words, no overflow, a title. */
export async function expectSound(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  expect(await complaints(page)).toEqual([]);
  expect(await page.locator('body').innerText()).not.toMatch(LEFT_OVER);
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  expect(await page.evaluate(BROKEN_IN_BAR)).toEqual([]);
  expect(await page.title()).toMatch(/ · Wayproof$/);
}

/** Words of the bar and of the foot that take more than one line, such as a name that is broken on a phone. */
const BROKEN_IN_BAR = `[...document.querySelectorAll('.top > a, .pages a > span')].flatMap((words) => {
  const range = document.createRange();
  range.selectNodeContents(words);
  // A picture beside the words has a box of its own height: only what begins below the first is another line.
  const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  const firstEnds = Math.min(...boxes.map(({ bottom }) => bottom));
  return boxes.some(({ top }) => top >= firstEnds) ? [words.textContent] : [];
})`;

import type { Browser, Page } from 'playwright-core';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpochList, OpenPoints, OwnBalance, PostingWhy } from '../../tiles/rewards/answers.ts';
import { buildViewer } from '../../viewer/build.ts';
import { expectSound, LOOKS, openApp, type OpenOptions } from './browser-app.ts';
import { findChromium, launch } from './chromium.ts';
import { POSTING } from './mock-money.ts';
import { type MockServer, startMockServer, TOKEN } from './mock-server.ts';

const chromium = findChromium();
const OPERATOR = 'wp_demo_operator';
const CONSUMER = 'wp_demo_consumer';
const WHY = `/earnings/why/${encodeURIComponent(POSTING)}`;

describe.skipIf(chromium === null)('earnings in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: MockServer;
  const wrong: string[] = [];
  const open = (path: string, options: OpenOptions = {}): Promise<Page> => openApp({ browser, server, wrong }, path, { token: TOKEN, ...options });

  const entries = async (token: string | null): Promise<readonly string[]> => {
    const page = await open('/reasons', { token });
    if (token !== null) await page.locator('.who').filter({ hasNotText: 'Account' }).waitFor();
    return await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link').allInnerTexts();
  };

  beforeAll(async () => {
    const { outDir } = await buildViewer();
    server = await startMockServer(outDir);
    browser = await launch(chromium!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(wrong.splice(0)).toEqual([]);
  });

  test.each([
    ['/api/epochs', EpochList], ['/api/me/balance', OwnBalance], ['/api/me/epochs/2967/points', OpenPoints], [`/api/me/postings/${encodeURIComponent(POSTING)}/why`, PostingWhy],
  ] as const)('what the pages are shown here has the form of the real answer: %s', async (path, schema) => {
    const answer: unknown = await (await fetch(server.url + path, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
    expect(Value.Errors(schema, answer)).toEqual([]);
  });

  test('opening + lines = closing on every page, and the last closing is the balance', async () => {
    const page = await open('/earnings');
    await page.getByRole('link', { name: 'Next lines' }).waitFor();
    const first = await linesOf(page);
    await page.getByRole('link', { name: 'Next lines' }).click();
    await page.getByRole('row', { name: /^Put right/ }).waitFor();
    const second = await linesOf(page);
    for (const { opening, lines, closing } of [first, second]) expect(opening + lines.reduce((sofar, one) => sofar + one, 0n)).toBe(closing);
    expect([first.opening, first.closing, first.lines.length, second.lines.length]).toEqual([0n, second.opening, 4, 3]);
    expect(second.closing).toBe(microOf((await page.locator('.balance .amount').textContent())!));
    expect(new URL(page.url()).searchParams.get('after')).toBe('4');
    await page.goBack();
    await page.getByRole('row', { name: /^Before these lines 0\.000000/ }).waitFor();
  });

  test('an amount opens into its share, its frames and every factor, and goes back', async () => {
    const page = await open('/earnings?after=4');
    await page.getByRole('link', { name: 'Why: Epoch 2966, coverage' }).click();
    await page.getByRole('heading', { name: 'Epoch 2966, coverage', level: 1 }).waitFor();
    expect(await figures(page.locator('.share'))).toEqual(['800,000.000000', '× 0.222856', '÷ 13,890.112344', '= 64.176685']);
    const frames = page.locator('.paid-frame');
    expect(await figures(frames.first())).toEqual(['0.428571', '× 4/7', '× 0.91', '× 1', '= 0.222856', '→ 9.000000']);
    expect(await figures(frames.nth(2))).toEqual(['0.428571', '× 3/7', '× 0.91', '× 1/2', '= 0.220856', '→ 8.999998']);
    expect(await frames.nth(3).innerText()).toContain('A frame that is gone');
    expect(await page.locator('.proof a').getAttribute('href')).toBe('/api/epochs/2966/export');
    await page.getByRole('link', { name: 'All earnings' }).click();
    await page.getByRole('link', { name: 'Why: points of epoch 2967' }).click();
    await page.getByRole('heading', { name: 'Epoch 2967' }).waitFor();
    expect(await page.locator('.paid-frame').count()).toBe(3);
  });

  test('who has earned nothing is told when the next epoch closes', async () => {
    const page = await open('/earnings', { token: OPERATOR });
    await page.getByRole('heading', { name: 'Nothing earned yet' }).waitFor();
    await page.getByText(/^Epoch 2967 is the next to close, on 25 Nov 2026/).waitFor();
  });

  test('the pages that a role has no part in are not in its navigation', async () => {
    expect(await entries(TOKEN)).toEqual(['Map', 'My drives', 'Upload', 'Review', 'Earnings', 'Reasons']);
    expect(await entries(CONSUMER)).toEqual(['Map', 'Reasons']);
    expect(await entries(OPERATOR)).toEqual(['Map', 'Earnings', 'Reasons']);
    expect(await entries(null)).toEqual(['Map', 'My drives', 'Reasons']);
  });

  const pages: readonly (readonly [string, string, string])[] = [
    ['earnings', '/earnings', TOKEN], ['next lines', '/earnings?after=4', TOKEN], ['nothing earned', '/earnings', OPERATOR], ['open epoch', '/earnings/2967', TOKEN],
    ['why', WHY, TOKEN], ['why, a correction', `/earnings/why/${encodeURIComponent('correction:appeal:1:account')}`, TOKEN], ['no such amount', '/earnings/why/nothing', TOKEN], ['wrong role', '/earnings', CONSUMER],
  ];
  test.each(pages)('%s: no complaint of axe, no gap in the words, no overflow', async (name, path, token) => {
    await Promise.all(([...LOOKS, { ...LOOKS[0], colorScheme: 'dark' }, { ...LOOKS[1], colorScheme: 'light' }] as const).map(async (look) => {
      const page = await open(path, { ...look, token });
      await expectSound(page);
      const shots = process.env['SHOTS'];
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}-${look.viewport.width}-${look.colorScheme}.png`, fullPage: true });
    }));
  });
});

async function linesOf(page: Page): Promise<{ opening: bigint; lines: bigint[]; closing: bigint }> {
  const amounts = (await page.locator('.ledger tbody td.number, .ledger tfoot td.number').allInnerTexts()).map(microOf);
  return { opening: amounts[0]!, lines: amounts.slice(1, -1), closing: amounts.at(-1)! };
}

async function figures(card: ReturnType<Page['locator']>): Promise<readonly string[]> {
  return (await card.locator('dd').allInnerTexts()).map((text) => text.trim());
}

function microOf(text: string): bigint {
  return BigInt(text.replace('−', '-').replaceAll(/[^\d-]/g, ''));
}

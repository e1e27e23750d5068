import type { Browser, Page } from 'playwright-core';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ContextAnswer } from '../../validate/context/route.ts';
import { buildViewer } from '../../viewer/build.ts';
import { expectSound, LOOKS, openApp, type OpenOptions } from './browser-app.ts';
import { findChromium, launch } from './chromium.ts';
import { caseId } from './mock-desk.ts';
import { DRIVE_ID } from './mock-drives.ts';
import { INVITE } from './mock-people.ts';
import { type MockServer, startMockServer, TOKEN } from './mock-server.ts';

const chromium = findChromium();
const DRIVE = `/drives/${DRIVE_ID}?frame=frames/IMG_00060.JPG`;
/** This machine may be busy with other tests. */
const SOON = { timeout: 15_000 };
const OPERATOR = 'wp_demo_operator';
const CONSUMER = 'wp_demo_consumer';

describe.skipIf(chromium === null)('people in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let outDir: string;
  let server: MockServer;
  const wrong: string[] = [];
  const open = (path: string, options: OpenOptions = {}): Promise<Page> => openApp({ browser, server, wrong }, path, { token: TOKEN, ...options });

  beforeAll(async () => {
    ({ outDir } = await buildViewer());
    browser = await launch(chromium!);
  }, 120_000);
  afterAll(async () => await browser?.close());
  // A server each: tests decide, withdraw and make tokens.
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await server.close();
    expect(wrong.splice(0)).toEqual([]);
  });
  const serve = async (): Promise<void> => {
    server = await startMockServer(outDir);
  };

  test('six decisions by keyboard alone, one of them undone; letters in the note decide nothing', async () => {
    await serve();
    const page = await open('/review');
    await page.getByRole('heading', { name: '7 cases wait for you' }).waitFor();
    await page.keyboard.press('j');
    await onCase(page, 0);
    await page.keyboard.press('a');
    await onCase(page, 1);
    expect(await page.evaluate('document.activeElement === document.querySelector("main h1")')).toBe(true);
    await page.getByRole('status').getByText('Accepted. 6 cases wait.').waitFor();
    await page.keyboard.press('u');
    await onCase(page, 2);
    for (const key of ['r', '2', '7', 'Enter']) await page.keyboard.press(key);
    await onCase(page, 3);
    await expect.poll(() => server.desk.decisions.length, SOON).toBe(3);
    await page.locator('.undo-strip .seconds').waitFor();
    await page.keyboard.press('z');
    await onCase(page, 2);
    expect(await page.locator('.case-row').count()).toBe(5);
    await page.keyboard.press('r');
    await page.getByLabel(/^Note/).focus();
    await page.keyboard.type('a, u, r and z 12');
    await page.keyboard.press('Tab');
    await page.keyboard.press('1');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await onCase(page, 3);
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await onCase(page, 4);
    await page.keyboard.press('a');
    await onCase(page, 5);
    await page.keyboard.press('a');
    await expect.poll(() => server.desk.decisions.map(({ caseId: id, decision }) => [id, decision]), SOON).toEqual([
      [caseId(0), 'accept'], [caseId(1), 'unsure'], [caseId(2), 'reject'], [caseId(2), 'reject'], [caseId(4), 'accept'], [caseId(5), 'accept'],
    ]);
    expect(server.desk.undone).toEqual([caseId(2)]);
    expect(server.desk.decisions[2]?.reasons).toEqual(['picture_repeats', 'speed_disagrees']);
    expect(server.desk.decisions[3]).toMatchObject({ reasons: ['picture_elsewhere'], note: 'a, u, r and z 12' });
  });

  test('the last decision leads to an empty desk that says so, and can still be undone', async () => {
    await serve();
    const page = await open(`/review/${caseId(0)}`);
    for (let n = 0; n < 7; n += 1) {
      await onCase(page, n);
      await page.keyboard.press('a');
    }
    await page.getByRole('heading', { name: 'Nothing waiting' }).waitFor();
    await expect.poll(() => server.desk.decisions.length, SOON).toBe(7);
    await page.locator('.undo-strip .seconds').waitFor();
    await page.keyboard.press('z');
    await onCase(page, 6);
  });

  test('a decision that cannot be sent is kept, and said', async () => {
    await serve();
    const page = await open(`/review/${caseId(0)}`);
    await onCase(page, 0);
    // What the page loads late must be there: this test is about the decision, not about a map without its worker.
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.keyboard.press('a');
    await page.locator('.undo-strip').getByText('Not sent yet').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect.poll(() => server.desk.decisions.map(({ decision }) => decision), SOON).toEqual(['accept']);
  });

  test('who is no validator is told which role it takes, and has no entry for it', async () => {
    await serve();
    const page = await open('/review', { token: CONSUMER });
    await page.getByText('It needs the role Validator. You are signed in as carl (Consumer)').waitFor();
    expect(await page.getByRole('link', { name: 'Review' }).count()).toBe(0);
  });

  test('the plots are one slider, and a table that holds what the server sent', async () => {
    await serve();
    const page = await open(DRIVE);
    const slider = page.getByRole('slider', { name: 'Time in the drive' });
    await expect.poll(() => slider.getAttribute('aria-valuetext'), SOON).toMatch(/^10:31:30, GNSS \d+ km\/h, reported \d+ km\/h, .*vibration .* m\/s²/);
    await expect.poll(() => page.locator('.plot-strip canvas').count(), SOON).toBe(3);
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^10:31:41, .*held back$/);
    await expect.poll(() => page.url(), SOON).toMatch(/IMG_0006[678]/);
    await page.keyboard.press('n');
    await expect.poll(() => slider.getAttribute('aria-valuetext'), SOON).toMatch(/^10:31:30/);
    expect(await page.locator('.finding[aria-pressed="true"]').textContent()).toBe('Steps between positions from 10:31:00 to 10:32:00, worst 300 m of 24.0 m');
    const sentence = page.locator('.finding-sentence');
    expect(await sentence.textContent()).toBe('A position lay 300 m from where the motion before and after it leads, 1 second after the one before; a receiver may be off by 24.0 m here. Measured from 10:31:29 to 10:31:30.');
    await page.keyboard.press('n');
    await expect.poll(() => sentence.textContent(), SOON).toBe('GNSS says 14.2 m/s for 31 seconds; the motion sensor shows a parked device: vibration 0.02 of at least 0.06 m/s². Measured from 10:36:09 to 10:36:40.');
    await page.keyboard.press('Home');
    await page.getByText('Show as a table').click();
    const sent = (await (await fetch(`${server.url}/api/drives/${DRIVE_ID}/evidence`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()) as { gnssSpeedMps: (number | null)[]; vibrationMps2: (number | null)[] };
    for (const first of [0, 25]) {
      const rows = await page.locator('.evidence-table tbody tr').evaluateAll((all) => all.map((row) => [...(row as unknown as { cells: Iterable<{ textContent: string }> }).cells].map(({ textContent }) => textContent)));
      expect(rows.map((cells) => [cells[1], cells[5]])).toEqual(Array.from({ length: 25 }, (_, n) => [((sent.gnssSpeedMps[first + n] ?? NaN) * 3.6).toFixed(1), (sent.vibrationMps2[first + n] ?? NaN).toFixed(3)]));
      await page.getByRole('button', { name: 'After' }).click();
    }
  });

  test('a drive without evidence has no plots', async () => {
    await serve();
    const page = await open('/drives/019362f0-0000-7000-8000-000000000003');
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.plots').count()).toBe(0);
  });

  test('what a drive shares with earlier ones is told in sentences with value, limit, unit and when; a drive that was held against none has no such panel', async () => {
    await serve();
    const answer: unknown = await (await fetch(`${server.url}/api/drives/${DRIVE_ID}/context`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
    expect(Value.Errors(ContextAnswer, answer)).toEqual([]);
    const page = await open(DRIVE);
    const panel = page.getByRole('region', { name: 'Held against earlier drives' });
    await panel.getByText('2 earlier drives share streets, readings or pictures with this one.').waitFor();
    expect(await panel.locator('> .context-lines p').allTextContents()).toEqual([
      'Place of the road', 'The track lies 31.3 m beside the roads on which several others drove; up to 8.2 m is plausible.', 'Measured from 10:31:00 to 10:33:00.', 'Measured from 10:40:00 to 10:42:00.',
    ]);
    await panel.getByText('What stayed within its limit').click();
    await panel.getByText('1 pictures are copies of what somebody else sent before').waitFor();
    const german = await open(DRIVE, { locale: 'de-DE' });
    await german.getByText('Die Spur liegt 31,3 m neben den Straßen, auf denen mehrere andere fuhren; bis 8,2 m ist plausibel.').waitFor();
    const other = await open('/drives/019362f0-0000-7000-8000-000000000002');
    await other.waitForLoadState('networkidle');
    expect(await other.locator('.drive-context').count()).toBe(0);
  });

  test('a picture is withdrawn in two steps, in place', async () => {
    await serve();
    const page = await open(`/drives/${DRIVE_ID}?frame=frames/IMG_00010.JPG`);
    await page.getByRole('button', { name: 'Withdraw this picture' }).click();
    await page.getByText('It leaves the map and every download at once').waitFor();
    await page.getByRole('button', { name: 'Leave as it is' }).click();
    await page.getByRole('button', { name: 'Withdraw this picture' }).click();
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.locator('.frame-sheet .chip.withdrawn').waitFor();
    expect(await page.getByRole('button', { name: 'Withdraw this picture' }).count()).toBe(0);
  });

  test('an operator invites, somebody accepts, and has a token of their own', async () => {
    await serve();
    const operator = await open('/account', { token: OPERATOR });
    await operator.getByRole('button', { name: 'Make an invite' }).click();
    const link = (await operator.locator('.once code').textContent())!;
    expect(link).toContain(`/sign-in#${INVITE}`);
    const page = await open(link.slice(link.indexOf('/sign-in')), { token: null });
    await page.getByRole('heading', { name: 'You are invited' }).waitFor();
    await page.getByLabel('Name').fill('ada');
    await page.keyboard.press('Enter');
    await page.getByText('Choose another name').waitFor();
    await page.getByLabel('Name').fill('grace');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Welcome, grace' }).waitFor();
    expect(await page.locator('.once code').textContent()).toBe('wp_new_token');
    expect(page.url()).not.toContain('wpi_');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('heading', { name: 'grace' }).waitFor();
    await page.getByLabel('What it is for').fill('tablet');
    await page.keyboard.press('Enter');
    await page.locator('.once').getByText('It is shown only now.').waitFor();
    await page.locator('.token-list li', { hasText: 'tablet' }).getByRole('button').click();
    await page.locator('.two-step').getByRole('button', { name: 'End this token' }).click();
    await expect.poll(() => page.locator('.token-list li').count(), SOON).toBe(3);
  });

  test('files are checked, announced, sent and closed; one that fails is tried again, and the same choice resumes', async () => {
    await serve();
    const page = await open('/upload');
    const names = ['a.jpg', 'b é.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'];
    server.upload.failOnce = 'c.jpg';
    await page.locator('.pick input').nth(1).setInputFiles([...names.map(jpeg), jpeg('.hidden')]);
    await page.getByRole('radio', { name: /^Publish all of it/ }).check();
    await page.getByRole('button', { name: 'Send 6 files' }).click();
    await page.getByRole('heading', { name: 'Received' }).waitFor();
    expect(server.upload.arrived.toSorted()).toEqual(names.map((name) => name.normalize('NFC')).toSorted());
    expect(server.upload.announced[0]).toMatchObject({ licence: 'CC-BY-SA-4.0', trim: 0 });
    await page.locator('.sum-line').getByText('6 received =').waitFor();
    expect(await page.locator('.file.stored').count()).toBe(6);
    await expectSound(page);
    await page.reload();
    await page.locator('.pick input').nth(1).setInputFiles(names.map(jpeg));
    await page.getByRole('button', { name: 'Send 6 files' }).click();
    await page.getByRole('heading', { name: 'Received' }).waitFor();
    expect(server.upload.arrived).toHaveLength(6);
  });

  const pages: readonly (readonly [string, string, string | null, string])[] = [
    ['review', '/review', TOKEN, ''], ['case', `/review/${caseId(0)}`, TOKEN, 'n'], ['case, rejecting', `/review/${caseId(1)}`, TOKEN, 'r'], ['no such case', '/review/nothing', TOKEN, ''],
    ['wrong role', '/review', CONSUMER, ''], ['drive with plots', DRIVE, TOKEN, 'n'], ['account', '/account', OPERATOR, ''], ['invite', `/sign-in#${INVITE}`, null, ''], ['invite without its link', '/invite', null, ''],
    ['upload', '/upload', TOKEN, ''],
  ];
  test.each(pages)('%s: no complaint of axe, no gap in the words, no overflow', async (_, path, token, key) => {
    await serve();
    await Promise.all(LOOKS.map(async (look) => {
      const page = await open(path, { ...look, token });
      await page.waitForLoadState('networkidle');
      if (key !== '') await page.keyboard.press(key);
      await expectSound(page);
    }));
  });
});

async function onCase(page: Page, n: number): Promise<void> {
  await page.waitForURL(`**/review/${caseId(n)}`);
  await page.locator('.case-page h1').waitFor();
}

function jpeg(name: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(`bytes of ${name}`) };
}

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A browser of this machine, or null with a printed reason: CHROMIUM_PATH, else where it usually lies. */
export function findBrowser(): string | null {
  const path = process.env['CHROMIUM_PATH'] ?? USUAL_PLACES.find((place) => existsSync(place));
  if (path !== undefined) return path;
  console.warn('skipped: no Chromium on this machine; install one or set CHROMIUM_PATH');
  return null;
}

/** Full Chromium in the new headless mode, WebGL by SwiftShader: in the headless shell MapLibre never settles. */
export async function launchBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--headless=new'] });
}

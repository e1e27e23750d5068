import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';
import { align } from '../../validate/camera/alignment.ts';
import { findBrowser, launchBrowser } from '../e2e/browser.ts';
import { type Sample, videoSensors } from './video-file.ts';

const STEP_S = 0.25;

/** `tsx tests/training/run-camera-video.ts [DATA]`: camera yaw rate of the GoPro videos against their own gyroscope, the pictures cut by Chromium. */
async function run(data: string): Promise<void> {
  const browser = findBrowser();
  if (browser === null) return;
  const folder = join(data, 'media', 'video-gpmf');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mp4')).toSorted()) {
    const greys = await picturesOf(browser, join(folder, name));
    const yaw = yawRates(videoSensors(join(folder, name)));
    const pairs = greys.slice(1).map((second, n) => ({ first: greys[n]!, second, fromS: n * STEP_S, toS: (n + 1) * STEP_S }));
    const turns = pairs.map(({ first, second }) => align(first, second).turn);
    const turned = pairs.map(({ fromS, toS }) => meanBetween(yaw, fromS, toS) * STEP_S * (180 / Math.PI));
    const slope = turns.reduce((sum, turn, n) => sum + turn * turned[n]!, 0) / turns.reduce((sum, turn) => sum + turn * turn, 0);
    console.log(`${name}: ${pairs.length} pairs ${STEP_S} s apart, correlation ${correlation(turns, turned).toFixed(3)}, ${slope.toFixed(0)}° a picture's width, gyroscope's turn rate up to ${(Math.max(...turned.map(Math.abs)) / STEP_S).toFixed(0)}°/s`);
  }
}

/** Runs in the page: means over boxes of four by four pixels. */
const CUT = `async ({ source, stepS, width, height }) => {
  const video = document.querySelector('video');
  const canvas = document.querySelector('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  video.src = source;
  await new Promise((resolve, reject) => { video.onloadeddata = resolve; video.onerror = () => reject(new Error(video.error.message)); });
  const greys = [];
  for (let atS = 0; atS < video.duration - stepS; atS += stepS) {
    await new Promise((resolve) => { video.onseeked = resolve; video.currentTime = atS + 0.001; });
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Array(width * height).fill(0);
    for (let y = 0; y < canvas.height; y += 1) for (let x = 0; x < canvas.width; x += 1) {
      const from = (y * canvas.width + x) * 4;
      grey[(y >> 2) * width + (x >> 2)] += (0.299 * data[from] + 0.587 * data[from + 1] + 0.114 * data[from + 2]) / 16;
    }
    greys.push(grey.map(Math.round));
  }
  return greys;
}`;

/** Grey levels of the video every STEP_S; rows and columns as Ingest makes them, but for the filter. */
async function picturesOf(executablePath: string, file: string): Promise<readonly Uint8Array[]> {
  const browser = await launchBrowser(executablePath);
  try {
    const page = await browser.newPage();
    await page.setContent(`<video muted></video><canvas width="${GREY_WIDTH * 4}" height="${GREY_HEIGHT * 4}"></canvas>`);
    const rows = (await page.evaluate(`(${CUT})(${JSON.stringify({ source: `data:video/mp4;base64,${readFileSync(file).toString('base64')}`, stepS: STEP_S, width: GREY_WIDTH, height: GREY_HEIGHT })})`)) as readonly (readonly number[])[];
    return rows.map((row) => Uint8Array.from(row));
  } finally {
    await browser.close();
  }
}

/** About the vertical as the accelerometer tells it over the whole video, clockwise. */
function yawRates({ gyroRadps, forceMps2 }: ReturnType<typeof videoSensors>): readonly { readonly atS: number; readonly radps: number }[] {
  const up = ([0, 1, 2] as const).map((axis) => forceMps2.reduce((sum, { axes }) => sum + axes[axis], 0) / forceMps2.length);
  const norm = Math.hypot(...up);
  return gyroRadps.map(({ atS, axes }: Sample) => ({ atS, radps: -axes.reduce((sum, value, axis) => sum + value * (up[axis]! / norm), 0) }));
}

function meanBetween(rates: readonly { readonly atS: number; readonly radps: number }[], fromS: number, toS: number): number {
  const within = rates.filter(({ atS }) => atS >= fromS && atS < toS);
  return within.reduce((sum, { radps }) => sum + radps, 0) / Math.max(1, within.length);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, n) => sum + (value - (x === a ? meanA : meanB)) * (y[n]! - (y === a ? meanA : meanB)), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? process.env['WAYPROOF_DATA'] ?? '.');

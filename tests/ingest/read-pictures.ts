import { readFile } from 'node:fs/promises';
import { derive, prepareImages } from '../../ingest/image.ts';
import { openParsers } from '../../ingest/parser-thread.ts';

/** What became of one file in the child process. */
export interface PictureReport {
  readonly path: string;
  /** A reason code, or `derived`. */
  readonly outcome: string;
  readonly damage: string | null;
  readonly ms: number;
  readonly peakMb: number;
}

/** Reads every file named on standard input as the pipeline would, and prints a line for each. */
prepareImages();
const parsers = openParsers();
const paths = (await new Response(process.stdin as never).text()).split('\n').filter((path) => path !== '');
// Starting the thread is not the first file's time.
await parsers.picture(new Uint8Array(0));
for (const path of paths) {
  const startedMs = performance.now();
  const bytes = await readFile(path);
  const metadata = await parsers.picture(bytes);
  const made = await derive(bytes, 120_000_000);
  const report: PictureReport = {
    path,
    outcome: 'code' in made ? made.code : 'derived',
    damage: metadata.damage,
    ms: performance.now() - startedMs,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(report));
}
await parsers.close();

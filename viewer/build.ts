import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import config from './vite.config.ts';

/** Where the built app lies, and whether this call built it. */
export interface ViewerBuild {
  readonly outDir: string;
  readonly rebuilt: boolean;
}

const VIEWER = fileURLToPath(new URL('.', import.meta.url));
const MODEL = fileURLToPath(new URL('../shared/model', import.meta.url));
const LOCK = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const STAMP = '.sources';

/** Builds the web app into `dist/viewer` unless what lies there came from the same sources; quiet, a few seconds. */
export async function buildViewer(): Promise<ViewerBuild> {
  const outDir = String(config.build?.outDir);
  const sources = await hashOfSources();
  if ((await stampIn(outDir)) === sources) return { outDir, rebuilt: false };
  // Vite takes a third of a second to load, which a start that has nothing to build need not pay.
  const { build } = await import('vite');
  await mkdir(dirname(outDir), { recursive: true });
  // Beside its place and then moved there: another process may be serving what lies there, or be building as well.
  const building = await mkdtemp(`${outDir}-`);
  try {
    await build({ ...config, build: { ...config.build, outDir: building }, configFile: false, logLevel: 'error', mode: 'production' });
    await writeFile(join(building, STAMP), sources);
    await putInPlace(building, outDir);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return { outDir, rebuilt: true };
}

async function putInPlace(built: string, outDir: string): Promise<void> {
  const old = `${built}-old`;
  await rename(outDir, old).catch(ignoreAbsent);
  await rename(built, outDir).catch((error: NodeJS.ErrnoException) => {
    // Somebody else was faster with the same sources, or nearly: the next start looks again.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(old, { recursive: true, force: true });
}

function ignoreAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function stampIn(outDir: string): Promise<string | null> {
  return readFile(join(outDir, STAMP), 'utf8').catch(ignoreAbsent);
}

async function hashOfSources(): Promise<string> {
  const files = [...(await filesUnder(VIEWER)), ...(await filesUnder(MODEL)), LOCK].toSorted();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(relative(VIEWER, file)).update('\0').update(await readFile(file).catch(() => '')).update('\0');
  }
  return hash.digest('hex');
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

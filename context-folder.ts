import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesUnder } from './ingest/local-files.ts';
import type { Parsers } from './ingest/parser-thread.ts';
import { readFolder } from './ingest/read-folder.ts';
import type { Config } from './shared/io/config.ts';
import { lookOf } from './shared/model/look.ts';
import type { Recipe } from './shared/model/recipe.ts';
import type { Context, ContextDrive } from './validate/context/context-drive.ts';
import { sensorBlocks } from './validate/context/sensor-blocks.ts';

/** Drive folders that others are held against. */
export interface ContextFolder {
  /** All of them but the folder itself, should it be one of them. */
  besides(folder: string): Promise<Context>;
}

export interface ContextReading {
  readonly config: Config;
  readonly recipe: Recipe;
  readonly parsers: Parsers;
}

/** Reads every drive folder in `folder` once; each counts as another contributor's. What holds nothing to judge is left out, and said. */
export async function openContext(reading: ContextReading, folder: string): Promise<ContextFolder> {
  const names = await readdir(folder).catch(() => {
    throw new Error(`the context ${folder} is no folder that can be read`);
  });
  const drives: { readonly path: string; readonly drive: ContextDrive }[] = [];
  for (const name of names.filter((name) => !name.startsWith('.')).toSorted()) {
    const path = await realpath(join(folder, name));
    if (!(await stat(path)).isDirectory()) continue;
    const drive = await readOne(reading, path, name);
    if (drive !== null) drives.push({ path, drive });
  }
  return {
    besides: async (judged) => {
      const own = await realpath(judged);
      return { closedAtS: null, drives: drives.filter(({ path }) => path !== own).map(({ drive }) => drive) };
    },
  };
}

async function readOne({ config, recipe, parsers }: ContextReading, path: string, name: string): Promise<ContextDrive | null> {
  const drive = await readFolder({ parsers, rules: recipe.ingest, maxPixels: config.maxPixels, workers: config.workers, onProgress: () => {} }, { name, files: await filesUnder(path) });
  if ('code' in drive) {
    console.error(`wayproof: ${path}: not part of the context: ${drive.code}`);
    return null;
  }
  return {
    inputSha256: drive.inputSha256,
    contributor: name,
    gnss: drive.gnss,
    frames: drive.frames.flatMap(({ id, capturedAt, latDeg, lonDeg, grey }) => (grey === undefined ? [] : [{ id, capturedAt, latDeg, lonDeg, look: lookOf(grey), grey: async () => grey }])),
    blocks: sensorBlocks(drive),
  };
}

import { parentPort } from 'node:worker_threads';
import { readTags } from './exif.ts';
import { readSensors } from './importers/drive-folder.ts';
import type { ParserAnswer, ParserTask } from './parser-thread.ts';
import { pictureMetadata } from './picture-metadata.ts';

/** The body of the thread: one task in, one answer out, in turn. */
parentPort?.on('message', (task: ParserTask) => {
  void answer(task).then((result) => parentPort?.postMessage(result));
});

parentPort?.postMessage('ready');

async function answer(task: ParserTask): Promise<ParserAnswer> {
  try {
    const value = task.kind === 'picture' ? pictureMetadata(await readTags(task.bytes)) : readSensors(task.files, task.rules);
    return { kind: 'parsed', value };
  } catch (error) {
    return { kind: 'damaged', why: error instanceof Error ? error.message : String(error) };
  }
}

import { parentPort } from 'node:worker_threads';
import { readTags } from './exif.ts';
import { readSensorSources } from './sensor-sources.ts';
import type { Sensors } from './importers/drive-folder.ts';
import type { ParserAnswer, ParserTask } from './parser-thread.ts';
import { pictureMetadata } from './picture-metadata.ts';

/** The body of the thread: one task in, one answer out, in turn. */
parentPort?.on('message', (task: ParserTask) => {
  void answer(task).then((result) => parentPort?.postMessage(result, columnsOf(result)));
});

parentPort?.postMessage('ready');

async function answer(task: ParserTask): Promise<ParserAnswer> {
  try {
    const value = task.kind === 'picture' ? pictureMetadata(await readTags(task.bytes)) : await readSensorSources(task.sources, task.rules);
    return { kind: 'parsed', value };
  } catch (error) {
    return { kind: 'damaged', why: error instanceof Error ? error.message : String(error) };
  }
}

/** The motion samples are handed over, not copied: they may be a good part of the memory. */
function columnsOf(answer: ParserAnswer): ArrayBuffer[] {
  const { imu } = (answer.kind === 'parsed' ? answer.value : {}) as Partial<Sensors>;
  if (imu === undefined || imu === null) return [];
  return [imu.tS, imu.forceX, imu.forceY, imu.forceZ, imu.gyroX, imu.gyroY, imu.gyroZ].map(({ buffer }) => buffer as ArrayBuffer);
}

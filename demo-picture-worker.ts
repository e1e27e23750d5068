import { parentPort } from 'node:worker_threads';
import { renderFrame } from './fixtures/camera.ts';
import { demoNetwork } from './fixtures/demo.ts';
import type { Shot } from './fixtures/drive.ts';
import { makeScene } from './fixtures/scene.ts';

const scene = makeScene(demoNetwork());

/** The body of the thread: one shot in, one picture out, in turn. */
parentPort?.on('message', ({ pose, camera }: Shot) => {
  const picture = renderFrame(scene, pose, camera);
  parentPort?.postMessage(picture, [picture.rgb.buffer as ArrayBuffer]);
});

parentPort?.postMessage('ready');

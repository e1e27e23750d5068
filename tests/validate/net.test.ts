import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { type Model, OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import { differenceFromTorch } from '../training/parity.ts';
import { committedNet } from './committed-net.ts';

const SIZE = NET_CHANNELS * NET_SECONDS;

function noise(windows: number): Float32Array {
  const random = makeRandom(1, 'net');
  return Float32Array.from({ length: windows * SIZE }, () => random.normal());
}

describe('the door to the runtime', () => {
  let net: Net;
  beforeAll(async () => {
    net = await committedNet();
  });
  afterAll(() => net.close());

  test('names the provider that serves', () => {
    expect(net.provider).toBe('cpu');
  });

  test('the same batch twice is the same bytes', async () => {
    expect(await net.ask(noise(7), 7)).toEqual(await net.ask(noise(7), 7));
  });

  test('a lost thread is one failed question; the next one is answered by a new thread', async () => {
    const before = await net.ask(noise(1), 1);
    await expect(net.ask(new Float32Array(3), 1)).rejects.toThrow(/^the net gave no answer: /);
    expect(await net.ask(noise(1), 1)).toEqual(before);
    expect(net.provider).toBe('cpu');
  });

  test('what waits together with a poisonous question is answered all the same', async () => {
    const before = await net.ask(noise(1), 1);
    const good = (): Promise<Float32Array> => net.ask(noise(1), 1);
    const [bad, ...answers] = await Promise.allSettled([net.ask(new Float32Array(3), 1), ...Array.from({ length: 6 }, good)]);
    expect(bad).toMatchObject({ status: 'rejected' });
    for (const answer of answers) expect(answer).toEqual({ status: 'fulfilled', value: before });
  });

  test('asked one by one, all at once or in batches of any size: the same bytes', async () => {
    const input = noise(256);
    const whole = await net.ask(input, 256);
    const singly = await Promise.all(Array.from({ length: 256 }, (_, n) => net.ask(input.slice(n * SIZE, (n + 1) * SIZE), 1)));
    expect(Float32Array.from(singly.flatMap((odds) => [...odds]))).toEqual(whole);
  });

  test('says what torch said when it wrote the weights', async () => {
    expect(await differenceFromTorch(net)).toBeLessThan(1e-3);
  });

  test('questions asked at once are answered in turn', async () => {
    const [one, two] = await Promise.all([net.ask(noise(1), 1), net.ask(noise(2), 2)]);
    expect([one.length, two.length]).toEqual([1, 2]);
  });
});

test('a batch that takes too long is given up, and closing still works', async () => {
  const net = await openNet(await readModel(OWN_MODEL), { choice: 'cpu', limitMs: 1 });
  await expect(net.ask(noise(2000), 2000)).rejects.toThrow(/it took more than 0\.001 s/);
  await net.close();
});

test('a provider that this machine has not got is one sentence, never another provider', async () => {
  const model = await readModel(OWN_MODEL);
  const opened = await openNet(model, { choice: 'cuda' }).catch((error: Error) => error);
  if (opened instanceof Error) {
    expect(opened.message).toMatch(/^the net cannot run here \(cuda: .+\)$/);
    expect(opened.message).not.toContain('\n');
  } else {
    expect(opened.provider).toBe('cuda');
    await opened.close();
  }
});

test('auto ends with the CPU where there is nothing faster', async () => {
  const net = await openNet(await readModel(OWN_MODEL), { choice: 'auto' });
  expect(['cuda', 'webgpu', 'cpu']).toContain(net.provider);
  await net.close();
});

describe('a model that is not ours', () => {
  test('missing, without its meaning, no JSON, another format, other channels: one sentence each', async () => {
    await expect(readModel('/nowhere/net.onnx')).rejects.toThrow('the model should lie in /nowhere/net.onnx, where no file can be read');
    await expect(readModel(await beside(null))).rejects.toThrow(/what the model means should lie in .*other\.json/);
    await expect(readModel(await beside('{'))).rejects.toThrow(/is no JSON/);
    await expect(readModel(await beside('{"format":"other/1"}'))).rejects.toThrow(/does not describe a net of wayproof-net\/1/);
    await expect(readModel(await beside(JSON.stringify({ ...(await meaning()), channels: ['x'] })))).rejects.toThrow(/other channels than this version's/);
  });

  test('weights that are none', async () => {
    const model = await readModel(await beside(JSON.stringify(await meaning())));
    await expect(openNet(model, { choice: 'cpu' })).rejects.toThrow(/^the net cannot run here \(cpu: .+\)$/);
    const empty: Model = { ...model, weights: new Uint8Array(0), sha256: '' as Sha256 };
    await expect(openNet(empty, { choice: 'cpu' })).rejects.toThrow(/the net cannot run here/);
  });
});

/** Writes weights with, or without, what they mean beside them. */
async function beside(text: string | null, weights: Uint8Array = new Uint8Array(9)): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wayproof-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'other.onnx');
  await writeFile(file, weights);
  if (text !== null) await writeFile(file.replace('.onnx', '.json'), text);
  return file;
}

async function meaning(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(OWN_MODEL.replace('.onnx', '.json'), 'utf8')) as Record<string, unknown>;
}

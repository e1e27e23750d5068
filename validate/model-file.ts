import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Sha256 } from '../shared/model/ids.ts';
import type { Calibration } from './calibrate.ts';
import { NET_COLUMNS, NET_GROUPS, NET_SECONDS } from './net-input.ts';

/** A net with what its answers mean. */
export interface Model {
  readonly weights: Uint8Array;
  /**
   * Of two lines as `sha256sum` prints them, `weights.onnx` and `weights.json`, whatever the files are called: what
   * judges is the weights together with their calibration, so a receipt names both by one hash.
   */
  readonly sha256: Sha256;
  /** Odds in nats over which a window is flagged. */
  readonly limit: number;
  /** The calibration of all checks, the net's included. */
  readonly calibration: Calibration;
}

/** The committed model. */
export const OWN_MODEL = fileURLToPath(new URL('./model/consistency.onnx', import.meta.url));

const Tail = Type.Object({ n: Type.Number(), points: Type.Array(Type.Tuple([Type.Number(), Type.Number()])), scale: Type.Number({ exclusiveMinimum: 0 }) });
const Meaning = Type.Object({
  format: Type.Literal('wayproof-net/1'),
  channels: Type.Array(Type.String()),
  seconds: Type.Number(),
  limit: Type.Number({ exclusiveMinimum: 0 }),
  calibration: Type.Object({
    recipe: Type.Number(), seed: Type.Number(), drives: Type.Array(Type.String()), checks: Type.Record(Type.String(), Tail), simulated: Type.Optional(Type.Record(Type.String(), Tail)), window: Tail, windowWorth: Type.Number(),
  }),
});

/** The file beside a model that says what its answers mean. */
export type Meaning = Type.Static<typeof Meaning>;

/** Names of the channels that the sketch of this program gives, in order; a model of others is refused. */
export function channelNames(): readonly string[] {
  return [...NET_COLUMNS.map(({ name }) => name), ...NET_GROUPS.map((group) => `has_${group}`)];
}

/** Reads `FILE.onnx` and `FILE.json` beside it; rejects with one sentence where they are missing or no model of ours. */
export async function readModel(file: string): Promise<Model> {
  const beside = `${file.replace(/\.onnx$/, '')}.json`;
  const weights = await bytesOf(file, 'the model');
  const text = await bytesOf(beside, 'what the model means');
  const { limit, calibration } = meaningOf(text, beside);
  const hash = createHash('sha256').update(`${sha256Of(weights)}  weights.onnx\n${sha256Of(text)}  weights.json\n`);
  return { weights: new Uint8Array(weights), sha256: hash.digest('hex') as Sha256, limit, calibration: calibration as Calibration };
}

async function bytesOf(file: string, what: string): Promise<Buffer> {
  return await readFile(file).catch(() => {
    throw new Error(`${what} should lie in ${file}, where no file can be read`);
  });
}

function meaningOf(text: Buffer, file: string): Meaning {
  let value: unknown = null;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw new Error(`${file} is no JSON`);
  }
  if (!Value.Check(Meaning, value)) throw new Error(`${file} does not describe a net of wayproof-net/1 (${Value.Errors(Meaning, value)[0]?.instancePath ?? ''})`);
  if (value.seconds !== NET_SECONDS || value.channels.join() !== channelNames().join()) throw new Error(`${file} describes a net that was trained on other channels than this version's; train it again`);
  return value;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

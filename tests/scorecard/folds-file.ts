import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Calibration } from '../../validate/calibrate.ts';

/** Weights with the drives that they have not seen, by the hash of their files. */
export interface FoldEntry {
  /** Beside consistency.json. */
  readonly weights: string;
  readonly unseen: readonly string[];
  /** Made without the drives in `unseen`. */
  readonly limit: number;
  readonly calibration: Calibration;
}

/** Weights that were trained without one type of attack, besides the drives of a fold. */
export interface LeftOutEntry extends FoldEntry {
  readonly attack: string;
}

/** Weights that were trained without a kind of device. */
export interface DeviceEntry extends FoldEntry {
  readonly device: string;
}

/** What consistency.json says of weights for scoring. */
export interface FoldsFile {
  readonly folder: string;
  readonly folds: readonly FoldEntry[];
  readonly leftOut: readonly LeftOutEntry[];
  readonly devices: readonly DeviceEntry[];
}

const Tail = Type.Object({ n: Type.Number(), points: Type.Array(Type.Tuple([Type.Number(), Type.Number()])), scale: Type.Number() });
const Entry = Type.Object({
  weights: Type.String(),
  unseen: Type.Array(Type.String()),
  limit: Type.Number(),
  calibration: Type.Object({
    recipe: Type.Number(), seed: Type.Number(), drives: Type.Array(Type.String()), checks: Type.Record(Type.String(), Tail), simulated: Type.Optional(Type.Record(Type.String(), Tail)),
    window: Tail, windowWorth: Type.Number(),
  }),
});
const File = Type.Object({
  folds: Type.Array(Entry),
  leftOut: Type.Optional(Type.Array(Type.Intersect([Entry, Type.Object({ attack: Type.String() })]))),
  devices: Type.Optional(Type.Array(Type.Intersect([Entry, Type.Object({ device: Type.String() })]))),
});

/** Reads the folds beside a model; throws with one sentence where they are not described. */
export function readFolds(model: string): FoldsFile {
  const path = model.replace(/\.onnx$/, '.json');
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Value.Check(File, value)) throw new Error(`${path} does not name the folds that a scorecard needs (${Value.Errors(File, value)[0]?.instancePath ?? ''})`);
  const { folds, leftOut = [], devices = [] } = value;
  return { folder: dirname(path), folds: folds as readonly FoldEntry[], leftOut: leftOut as readonly LeftOutEntry[], devices: devices as readonly DeviceEntry[] };
}

/** Where the weights of an entry lie. */
export function weightsPath({ folder }: FoldsFile, { weights }: FoldEntry): string {
  return join(folder, weights);
}

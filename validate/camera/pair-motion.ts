import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';
import type { FramePair } from './pairs.ts';

/** What the frame-pair net says of two consecutive pictures. */
export interface PairMotion {
  /** How far the camera turned, as a share of the picture's width: the field of view is unknown. Clockwise is positive. */
  readonly turn: number;
  /** Scale of the Laplace distribution about it. */
  readonly turnSpread: number;
  /** How far the camera went the way it looks, in metres as they look from a car's windscreen; back is negative. */
  readonly aheadM: number;
  /** Scale of the Laplace distribution of asinh(metres / 4). */
  readonly aheadSpread: number;
  /** Log-odds that both show one place, */
  readonly samePlace: number;
  /** that they are blurred, */
  readonly blur: number;
  /** that something covers more than a third of the view, */
  readonly obstruction: number;
  /** and that it is night. */
  readonly night: number;
}

/** What the model calls them. */
export const PAIR_TENSORS = { input: 'pairs', output: 'motion' } as const;
/** Answers a pair, in the order of the net's output. */
export const MOTION_VALUES = 8;
export const PAIR_SHAPE = [2, GREY_HEIGHT, GREY_WIDTH] as const;
const PIXELS = GREY_HEIGHT * GREY_WIDTH;
/** Numbers that the net is shown of one pair. */
export const PAIR_VALUES = 2 * PIXELS;
/** As in validate/training/camera.py. */
const SPREAD_FLOOR = 4;
const EXPANSION_M = 4;
const SPREADS = [-5, 3] as const;
/** Providers differ in the last bits; what is judged by is rounded to what none of them differs in. */
const DECIMALS = 1e4;

/** Both pictures, each by its own mean and spread. */
export function fillPair(input: Float32Array, at: number, { first, second }: FramePair): void {
  fillStandardised(input, at, first.grey);
  fillStandardised(input, at + PIXELS, second.grey);
}

function fillStandardised(input: Float32Array, at: number, grey: Uint8Array): void {
  let [sum, squares] = [0, 0];
  for (const value of grey) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / PIXELS;
  const spread = Math.sqrt(Math.max(0, squares / PIXELS - mean * mean)) + SPREAD_FLOOR;
  for (let n = 0; n < PIXELS; n += 1) input[at + n] = (grey[n]! - mean) / spread;
}

/** The net's answer to one pair, its first value at `at`. */
export function motionOf(answer: Float32Array, at: number): PairMotion {
  const spread = (value: number): number => Math.exp(Math.min(SPREADS[1], Math.max(SPREADS[0], value)));
  return {
    turn: rounded(answer[at]!), turnSpread: rounded(spread(answer[at + 1]!)),
    aheadM: rounded(EXPANSION_M * Math.sinh(answer[at + 2]!)), aheadSpread: rounded(spread(answer[at + 3]!)),
    samePlace: rounded(answer[at + 4]!), blur: rounded(answer[at + 5]!), obstruction: rounded(answer[at + 6]!), night: rounded(answer[at + 7]!),
  };
}

function rounded(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}

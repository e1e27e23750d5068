import { readFileSync } from 'node:fs';
import type { Net } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';

const FILE = new URL('../../validate/model/torch-odds.json', import.meta.url);

/** Inputs in [-1, 1) that any program can make (Knuth's multiplicative hash), as validate/training/train.py makes them. */
function patterns(windows: number): Float32Array {
  return new Float32Array(windows * NET_CHANNELS * NET_SECONDS).map((_, n) => (Math.imul(n, 2_654_435_761) >>> 0) / 2 ** 31 - 1);
}

/** Largest difference between what the runtime says of the patterns and what torch said when it wrote the weights. */
export async function differenceFromTorch(net: Net): Promise<number> {
  const said = JSON.parse(readFileSync(FILE, 'utf8')) as readonly number[];
  const odds = await net.ask(patterns(said.length), said.length);
  return Math.max(...said.map((value, n) => Math.abs(value - odds[n]!)));
}

import type { FilterConsistencyRules } from '../../shared/model/validate-rules.ts';
import type { Channel, Measurement } from '../../shared/model/verdict.ts';
import { innovationsOf } from '../filter/innovations.ts';
import type { Innovations } from '../filter/vehicle-ekf.ts';
import { vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Check, Window } from './check.ts';

/**
 * All channels against one vehicle: a filter predicts by the motion sensor where the receiver will say that it is, and
 * how fast, forward and backward in time. The mean squared innovation, each over its own standard deviation (NIS for
 * each degree of freedom, χ² tests of Bar-Shalom 2001, 5.4), over spans of a second to three minutes. It reads every
 * channel, so it agrees with no other check.
 */
export const filterConsistency: Check = {
  name: 'filter-consistency',
  reason: 'channels_disagree',
  vouches: false,
  channels: (): readonly Channel[] => ['position', 'doppler', 'force', 'gyro'],
  over: (sketch, { filterConsistency: rules }) => {
    const motion = vehicleMotion(sketch);
    if (motion === null) return () => null;
    const { forward, backward } = innovationsOf(motion, sketch);
    const ways = [forward, backward].map((innovations): Way => {
      const spans = rules.spans.map(({ spanS, limit, most }) => ({ spanS, limit, sums: summed(innovations, most) }));
      return { spans, looser: looserBy(spans[0]!.sums, rules) };
    });
    return (window) => worstIn(ways, window);
  },
};

/** One direction of time: what is summed for each span, and how much looser the limits are for this receiver. */
interface Way {
  readonly spans: readonly { readonly spanS: number; readonly limit: number; readonly sums: Sums }[];
  readonly looser: number;
}

/** Running sums of squared innovations a degree of freedom, and of the seconds that have one. */
interface Sums {
  readonly squares: Float64Array;
  readonly counts: Float64Array;
}

function summed({ along, across, speed }: Innovations, most: number): Sums {
  const sums: Sums = { squares: new Float64Array(along.length + 1), counts: new Float64Array(along.length + 1) };
  for (let k = 0; k < along.length; k += 1) {
    // One wild fix must not fill three minutes, nor one leap the windows beside it: each counts as far as it is surely wrong.
    const told = [along[k]!, across[k]!, speed[k]!].filter(Number.isFinite).map((value) => Math.min(most, value * value));
    const hasPlace = Number.isFinite(along[k]!);
    sums.squares[k + 1] = sums.squares[k]! + (hasPlace ? told.reduce((sum, value) => sum + value, 0) / told.length : 0);
    sums.counts[k + 1] = sums.counts[k]! + (hasPlace ? 1 : 0);
  }
  return sums;
}

/** A noisy honest receiver is judged by its own typical innovation, within bounds. */
function looserBy(sums: Sums, { typical, mostLooser }: FilterConsistencyRules): number {
  const step = 64;
  const means: number[] = [];
  for (let k = 0; k + step < sums.counts.length; k += step) means.push(meanOf(sums, k, k + step) ?? 0);
  const middle = means.toSorted((a, b) => a - b)[means.length >> 1] ?? 0;
  return Math.min(mostLooser, Math.max(1, middle / typical));
}

function worstIn(ways: readonly Way[], { fromS, toS }: Window): Measurement | null {
  let worst: Measurement | null = null;
  for (const { spans, looser } of ways) {
    for (const { spanS, limit: plain, sums } of spans) {
      const seconds = sums.counts.length - 1;
      const aroundS = Math.max(0, Math.ceil((spanS - (toS - fromS)) / 2));
      const [from, to] = [Math.max(0, Math.floor(fromS) - aroundS), Math.min(seconds, Math.ceil(toS) + aroundS)];
      const length = Math.min(spanS, to - from);
      const limit = plain * looser;
      for (let k = from; k + length <= to; k += 1) {
        const measured = meanOf(sums, k, k + length);
        if (measured !== null && (worst === null || measured / limit > worst.measured / worst.limit)) worst = { measured, limit, unit: 'χ²', bound: 'upper', atS: Math.min(toS, Math.max(fromS, k + length / 2)) };
      }
    }
  }
  return worst;
}

/** Null where fewer than half of the seconds have an innovation. */
function meanOf({ squares, counts }: Sums, from: number, to: number): number | null {
  const count = counts[to]! - counts[from]!;
  return count * 2 < to - from || count === 0 ? null : (squares[to]! - squares[from]!) / count;
}

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
      const capped = new Map([...new Set(rules.spans.map(({ most }) => most))].map((most) => [most, summed(innovations, most)] as const));
      const spans = rules.spans.map(({ spanS, limit, most }) => ({ spanS, limit, sums: capped.get(most)!, means: meansOver(capped.get(most)!, spanS) }));
      return { spans, looser: looserBy(spans[0]!.sums, rules) };
    });
    return (window) => worstIn(ways, window);
  },
};

/** One direction of time: what is summed for each span, and how much looser the limits are for this receiver. */
interface Way {
  readonly spans: readonly SummedSpan[];
  readonly looser: number;
}

interface SummedSpan {
  readonly spanS: number;
  readonly limit: number;
  readonly sums: Sums;
  /** Of the whole span that begins at each second; NaN where fewer than half of its seconds have an innovation. */
  readonly means: Float64Array;
}

/** Running sums of squared innovations a degree of freedom, and of the seconds that have one. */
interface Sums {
  readonly squares: Float64Array;
  readonly counts: Float64Array;
}

function summed({ along, across, speed }: Innovations, most: number): Sums {
  const sums: Sums = { squares: new Float64Array(along.length + 1), counts: new Float64Array(along.length + 1) };
  const parts = [along, across, speed];
  for (let k = 0; k < along.length; k += 1) {
    const hasPlace = Number.isFinite(along[k]!);
    let [sum, told] = [0, 0];
    for (const part of parts) {
      const value = part[k]!;
      if (!Number.isFinite(value)) continue;
      // One wild fix must not fill three minutes, nor one leap the windows beside it: each counts as far as it is surely wrong.
      sum += Math.min(most, value * value);
      told += 1;
    }
    sums.squares[k + 1] = sums.squares[k]! + (hasPlace ? sum / told : 0);
    sums.counts[k + 1] = sums.counts[k]! + (hasPlace ? 1 : 0);
  }
  return sums;
}

/** A noisy honest receiver is judged by its own typical innovation, within bounds. */
function looserBy(sums: Sums, { typical, mostLooser }: FilterConsistencyRules): number {
  const step = 64;
  const means: number[] = [];
  for (let k = 0; k + step < sums.counts.length; k += step) means.push(meanOf(sums, k, k + step) || 0);
  const middle = means.toSorted((a, b) => a - b)[means.length >> 1] ?? 0;
  return Math.min(mostLooser, Math.max(1, middle / typical));
}

function worstIn(ways: readonly Way[], { fromS, toS }: Window): Measurement | null {
  let worst: Measurement | null = null;
  for (const { spans, looser } of ways) {
    for (const { spanS, limit: plain, sums, means } of spans) {
      const seconds = sums.counts.length - 1;
      const aroundS = Math.max(0, Math.ceil((spanS - (toS - fromS)) / 2));
      const [from, to] = [Math.max(0, Math.floor(fromS) - aroundS), Math.min(seconds, Math.ceil(toS) + aroundS)];
      const length = Math.min(spanS, to - from);
      const limit = plain * looser;
      let most: number = worst === null ? -1 : worst.measured / worst.limit;
      let at = -1;
      for (let k = from; k + length <= to; k += 1) {
        const share = (length === spanS ? means[k]! : meanOf(sums, k, k + length)) / limit;
        if (!(share > most)) continue;
        most = share;
        at = k;
      }
      if (at === -1) continue;
      const measured: number = length === spanS ? means[at]! : meanOf(sums, at, at + length);
      worst = { measured, limit, unit: 'χ²', bound: 'upper', atS: Math.min(toS, Math.max(fromS, at + length / 2)) };
    }
  }
  return worst;
}

function meansOver(sums: Sums, spanS: number): Float64Array {
  const means = new Float64Array(sums.counts.length - 1).fill(NaN);
  for (let k = 0; k + spanS <= means.length; k += 1) means[k] = meanOf(sums, k, k + spanS);
  return means;
}

/** NaN where fewer than half of the seconds have an innovation. */
function meanOf({ squares, counts }: Sums, from: number, to: number): number {
  const count = counts[to]! - counts[from]!;
  return count * 2 < to - from || count === 0 ? NaN : (squares[to]! - squares[from]!) / count;
}

import type { ReceiverNoiseRules } from '../../shared/model/validate-rules.ts';
import type { Check, Window } from './check.ts';
import { stepsIn } from './coverage.ts';
import type { Track } from '../sketch.ts';

/**
 * Positions against themselves: a receiver's steps differ from one second to the next, by its noise and by how people
 * drive; a planned or interpolated track goes on exactly as before. The quarter of the changes that is smallest, in
 * m/s. Accused is the receiver: its positions, and the speeds that it reports with them.
 */
export const receiverNoise: Check = {
  name: 'receiver-noise',
  reason: 'too_smooth',
  vouches: false,
  channels: () => ['position', 'doppler'],
  over: ({ track }, { receiverNoise: rules }) => {
    if (track.source !== 'gnss') return () => null;
    const changes = changesOf(track, rules).map((change, n) => (isCoasted(track, n, rules) ? NaN : change));
    return (window) => {
      const found = changesIn(changes, track, window);
      if (found.length < rules.leastS) return null;
      const measured = found.toSorted((a, b) => a - b)[Math.floor(found.length / 4)]!;
      return { measured, limit: rules.limitMps, unit: 'm/s', bound: 'lower', atS: (window.fromS + window.toS) / 2 };
    };
  },
};

/** Whether a receiver that has lost its satellites goes straight on, as it says itself: each second it knows its place less well. */
function isCoasted({ haccM }: Track, n: number, { coastedHaccM }: ReceiverNoiseRules): boolean {
  return haccM[n + 1]! > coastedHaccM && haccM[n + 1]! > haccM[n]!;
}

/** How much each step's velocity differs from the one before; NaN while slow, where snapping to a place is usual. */
function changesOf({ atS, stepEastM, stepNorthM, stepM }: Track, { movingMps, mostStepS }: ReceiverNoiseRules): Float64Array {
  return stepM.map((_, n) => {
    if (n === 0) return NaN;
    const [before, now] = [atS[n]! - atS[n - 1]!, atS[n + 1]! - atS[n]!];
    if (Math.max(before, now) > mostStepS || stepM[n]! / now < movingMps) return NaN;
    return Math.hypot(stepEastM[n]! / now - stepEastM[n - 1]! / before, stepNorthM[n]! / now - stepNorthM[n - 1]! / before);
  });
}

function changesIn(changes: Float64Array, track: Track, window: Window): readonly number[] {
  const [from, to] = stepsIn(track, window);
  return [...changes.subarray(from, to)].filter(Number.isFinite);
}

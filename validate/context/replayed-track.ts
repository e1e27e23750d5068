import type { Span } from '../../shared/model/context-verdict.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import type { ContextDrive } from './context-drive.ts';
import { type ContextFinding, joined } from './finding.ts';
import { lineOf, passingOn, type TrackLine } from './track-line.ts';
import { trackLikeness } from './track-noise.ts';

/**
 * An earlier track again: shifted in time, driven at another pace, moved by a constant, resampled, with noise of its own
 * on top. A convoy and a bus on its line share the road with it, but neither its noise nor its every second.
 */
export function replayedTrack(drive: Drive, drives: readonly ContextDrive[], rules: ContextRules): readonly ContextFinding[] {
  const origin = drive.gnss[0];
  if (origin === undefined) return [];
  const own = lineOf({ gnss: drive.gnss, frames: [] }, origin, rules);
  const likest = (of: readonly ContextDrive[], isSameTime: (laterS: number) => boolean): Likest => {
    const found = of.map((other): Likest => {
      const line: TrackLine = lineOf({ gnss: other.gnss, frames: [] }, origin, rules);
      const stretches = trackLikeness(own, line, passingOn(line, rules)).filter(({ laterS }) => !isSameTime(laterS));
      return { leastM: stretches.reduce((least, { apartM }) => Math.min(least, apartM), Infinity), spans: stretches.filter(({ apartM }) => apartM < rules.trackApartM) };
    });
    return found.reduce((best, one) => (one.spans.length > best.spans.length || (one.spans.length === best.spans.length && one.leastM < best.leastM) ? one : best), { leastM: Infinity, spans: [] });
  };
  return [
    ...finding('replayed-track', likest(drives.filter(({ contributor }) => contributor !== null), () => false), rules),
    // Two cameras on one logger, as with the readings.
    ...finding('own-track', likest(drives.filter(({ contributor }) => contributor === null), (laterS) => Math.abs(laterS) <= rules.sameTimeS), rules),
  ];
}

interface Likest {
  readonly leastM: number;
  readonly spans: readonly Span[];
}

/** No line where no drive shares a way long enough. */
function finding(check: 'replayed-track' | 'own-track', { leastM, spans }: Likest, { trackApartM }: ContextRules): readonly ContextFinding[] {
  if (leastM === Infinity) return [];
  return [{
    check, reason: check === 'replayed-track' ? 'track_replayed' : 'own_drive_again',
    measured: leastM, limit: trackApartM, unit: 'm', bound: 'lower',
    spans: joined(spans.map(({ fromS, toS }) => ({ fromS, toS }))),
    channels: ['position', 'drive'], isCertain: false,
  }];
}

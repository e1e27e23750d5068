import { createHmac } from 'node:crypto';
import { cellAt, cellHex } from '../shared/model/cell.ts';
import type { UnixSeconds } from '../shared/model/drive.ts';
import { distanceM, type LatLon } from '../shared/model/geo.ts';
import type { AccountId } from '../shared/model/ids.ts';
import type { IngestRules } from '../shared/model/recipe.ts';

/** One position of the drive's track, from its receiver or, without one, from its frames. */
export interface TrackPoint extends LatLon {
  readonly tS: UnixSeconds;
}

/** A geodesic circle within which this drive's frames stay private. */
export interface PrivateCircle {
  readonly centre: LatLon;
  readonly radiusM: number;
  readonly reason: 'trimmed_end' | 'trimmed_stop';
}

export interface TrimOptions {
  readonly rules: IngestRules;
  readonly account: AccountId;
  /** Secret of the instance, so that nobody outside can work the radius out. */
  readonly key: Buffer;
  /** The contributor's choice for this drive, in metres; 0 is none; null leaves it to the instance. */
  readonly trimM: number | null;
}

/** Cells of about 0.1 km²: the same home gives the same radius on every trip. */
const HOME_RESOLUTION = 9;

/** Circles around both ends and around each stop of more than ten minutes. `track` is sorted by time. */
export function privateCircles(track: readonly TrackPoint[], options: TrimOptions): readonly PrivateCircle[] {
  if (options.trimM === 0) return [];
  const first = track.at(0);
  const last = track.at(-1);
  if (first === undefined || last === undefined) return [];
  const circle = (centre: LatLon, reason: PrivateCircle['reason']): PrivateCircle => ({
    centre,
    reason,
    radiusM: options.trimM ?? derivedRadius(centre, options),
  });
  return [circle(first, 'trimmed_end'), circle(last, 'trimmed_end'), ...stops(track, options.rules).map((stop) => circle(stop, 'trimmed_stop'))];
}

/** Why this position must not be shown, or null. */
export function privateReason(position: LatLon, circles: readonly PrivateCircle[]): PrivateCircle['reason'] | null {
  return circles.find(({ centre, radiusM }) => distanceM(centre, position) <= radiusM)?.reason ?? null;
}

/**
 * A radius between the recipe's two, the same for this account and place for ever: repeated trips show the same circle
 * again instead of averaging it out.
 */
function derivedRadius(centre: LatLon, { rules, account, key }: TrimOptions): number {
  const digest = createHmac('sha256', key).update(`${account} ${cellHex(cellAt(centre, HOME_RESOLUTION))}`).digest();
  const share = digest.readUInt32BE(0) / 0xffff_ffff;
  return rules.trimMinM + share * (rules.trimMaxM - rules.trimMinM);
}

/**
 * First position of every stretch that stays within the stop radius of it for the stop time, and both ends of every gap
 * that long: a recording that pauses ends one trip and begins another.
 */
function stops(track: readonly TrackPoint[], rules: IngestRules): readonly LatLon[] {
  const found: LatLon[] = [];
  const isNear = (anchor: TrackPoint, index: number) => index < track.length && distanceM(anchor, track[index]!) <= rules.stopRadiusM;
  let from = 0;
  let later = 0;
  while (from < track.length) {
    const anchor = track[from]!;
    // Unless the first position after the stop time is near, there is no stop here; so a long drive costs one look each.
    while (later < track.length && track[later]!.tS - anchor.tS < rules.stopS) later += 1;
    let to = from;
    while (isNear(anchor, later) && isNear(anchor, to + 1)) to += 1;
    const isStop = track[to]!.tS - anchor.tS >= rules.stopS;
    if (isStop) found.push(anchor);
    from = isStop ? to + 1 : from + 1;
  }
  return [...found, ...pauses(track, rules)];
}

function pauses(track: readonly TrackPoint[], rules: IngestRules): readonly LatLon[] {
  return track.slice(1).flatMap((after, index) => {
    const before = track[index]!;
    return after.tS - before.tS >= rules.stopS ? [before, after] : [];
  });
}

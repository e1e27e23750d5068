import type { Drive } from '../../shared/model/drive.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import type { ContextDrive } from './context-drive.ts';
import { type ContextFinding, joined } from './finding.ts';
import { median } from './least-squares.ts';
import { lineOf, passingOn } from './track-line.ts';
import { type TrackOffset, trackOffsets } from './track-offset.ts';

/** A stretch's offset from one contributor's tracks. */
interface Witness extends TrackOffset {
  readonly contributor: string;
}

/**
 * A track that lies beside what others drove, by one constant on roads of all directions, beyond what an antenna, a
 * datum and the receiver's own accuracy explain. Two contributors must see the same offset: one may be off oneself.
 */
export function placeOffset(drive: Drive, drives: readonly ContextDrive[], rules: ContextRules): readonly ContextFinding[] {
  const origin = drive.gnss[0];
  if (origin === undefined) return [];
  const own = lineOf({ gnss: drive.gnss, frames: [] }, origin, rules);
  const stated = [...own.haccM].filter((hacc) => !Number.isNaN(hacc));
  const limit = rules.offsetM + (stated.length === 0 ? 0 : median(stated));
  const witnesses = drives.flatMap(({ contributor, gnss }): readonly Witness[] =>
    contributor === null ? [] : trackOffsets(own, passingOn(lineOf({ gnss, frames: [] }, origin, rules), rules)).map((offset) => ({ ...offset, contributor })));
  const agreed = witnesses.flatMap((one, n) => witnesses.slice(n + 1).filter((other) => agree(one, other, limit)).map((other) => ({ one, offM: Math.min(sizeOf(one), sizeOf(other)) })));
  if (agreed.length === 0) return [];
  const beyond = agreed.filter(({ offM }) => offM > limit);
  return [{
    check: 'place-offset', reason: 'place_offset', unit: 'm', bound: 'upper', limit,
    measured: agreed.reduce((most, { offM }) => Math.max(most, offM), 0),
    spans: joined(beyond.map(({ one: { fromS, toS } }) => ({ fromS, toS }))),
    channels: ['position', 'drive'], isCertain: false,
  }];
}

function agree(one: Witness, other: Witness, limit: number): boolean {
  const isSameStretch = one.fromS < other.toS && other.fromS < one.toS;
  return one.contributor !== other.contributor && isSameStretch && Math.hypot(one.eastM - other.eastM, one.northM - other.northM) <= limit;
}

function sizeOf({ eastM, northM }: TrackOffset): number {
  return Math.hypot(eastM, northM);
}

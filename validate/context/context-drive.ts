import { createHash } from 'node:crypto';
import type { GnssFix, UnixSeconds } from '../../shared/model/drive.ts';
import type { FrameId, Sha256 } from '../../shared/model/ids.ts';
import type { Look } from '../../shared/model/look.ts';
import type { SensorBlock } from './sensor-blocks.ts';

/** Another drive, as far as a drive is held against it. */
export interface ContextDrive {
  readonly inputSha256: Sha256;
  /** Tells contributors apart, and is shown to nobody; null where it is the judged drive's own. */
  readonly contributor: string | null;
  readonly gnss: readonly GnssFix[];
  readonly frames: readonly ContextFrame[];
  readonly blocks: readonly SensorBlock[];
}

export interface ContextFrame {
  readonly id: FrameId;
  readonly capturedAt: UnixSeconds;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly look: Look;
  /** Asked for where the looks are alike; null where the picture was taken back meanwhile. */
  grey(): Promise<Uint8Array | null>;
}

/** All that a drive is held against. */
export interface Context {
  readonly drives: readonly ContextDrive[];
  /** When the server closed the drive, by its own clock; null where there is no server. */
  readonly closedAtS: UnixSeconds | null;
}

/** Over what was read, whatever order it came in. */
export function contextSha256({ drives, closedAtS }: Context): Sha256 {
  const lines = drives.map(({ inputSha256, contributor, frames, gnss }) => {
    const pictures = createHash('sha256').update(frames.map(({ id }) => id).toSorted().join('\n')).digest('hex');
    return `${contributor === null ? 'own' : 'other'} ${inputSha256} ${gnss.length} ${pictures}`;
  });
  return createHash('sha256').update([`closed ${closedAtS ?? 'never'}`, ...lines.toSorted()].join('\n')).digest('hex') as Sha256;
}

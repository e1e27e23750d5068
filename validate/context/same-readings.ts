import type { Drive } from '../../shared/model/drive.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import type { ContextDrive } from './context-drive.ts';
import { type ContextFinding, joined } from './finding.ts';
import { type SensorBlock, sensorBlocks } from './sensor-blocks.ts';

/** Raw readings of another drive, bit by bit: nobody's noise comes twice. One line for others' drives, one for one's own. */
export function sameReadings(drive: Drive, drives: readonly ContextDrive[], rules: ContextRules): readonly ContextFinding[] {
  const blocks = sensorBlocks(drive);
  if (blocks.length === 0) return [];
  return [
    finding('same-readings', most(blocks, drives.filter(({ contributor }) => contributor !== null), () => true), rules),
    // Two cameras on one logger are two drives of one person at one time, and honest.
    finding('own-readings', most(blocks, drives.filter(({ contributor }) => contributor === null), (block, theirs) => Math.abs(block.fromS - theirs.fromS) > rules.sameTimeS), rules),
  ];
}

function most(blocks: readonly SensorBlock[], drives: readonly ContextDrive[], counts: (block: SensorBlock, theirs: SensorBlock) => boolean): readonly SensorBlock[] {
  const shared = drives.map((drive) => {
    const theirs = new Map(drive.blocks.map((block) => [block.hash, block]));
    return blocks.filter((block) => {
      const same = theirs.get(block.hash);
      return same !== undefined && counts(block, same);
    });
  });
  return shared.reduce((best, these) => (these.length > best.length ? these : best), []);
}

function finding(check: 'same-readings' | 'own-readings', shared: readonly SensorBlock[], { sameBlocks }: ContextRules): ContextFinding {
  return {
    check,
    reason: check === 'same-readings' ? 'readings_held' : 'own_drive_again',
    measured: shared.length, limit: sameBlocks, unit: 'blocks', bound: 'upper',
    spans: shared.length > sameBlocks ? joined(shared) : [],
    channels: ['drive'], isCertain: true,
  };
}

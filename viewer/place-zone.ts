import { useEffect, useState } from 'preact/hooks';
import type { DriveFrame } from './answers.ts';

/** The time zone of the place where a drive was recorded, as IANA names it; null until it is known. */
export function useZone(frames: readonly Pick<DriveFrame, 'latDeg' | 'lonDeg'>[]): string | null {
  const [zone, setZone] = useState<string | null>(null);
  const first = frames.find(({ latDeg, lonDeg }) => latDeg !== null && lonDeg !== null);
  useEffect(() => {
    if (first === undefined) return;
    const find = async (): Promise<void> => {
      // 70 kB of borders, which only pages with exact times need.
      const { default: zoneAt } = await import('@photostructure/tz-lookup');
      setZone(zoneAt(first.latDeg ?? 0, first.lonDeg ?? 0));
    };
    void find();
  }, [first?.latDeg, first?.lonDeg]);
  return zone;
}

import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import type { DriveFrame, EvidenceAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { findingsOf } from '../findings.ts';
import { forgetMoment, momentS } from '../moment.ts';
import { EvidencePlots } from './evidence-plots.tsx';

interface DrivePlotsProps {
  readonly id: string;
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
  readonly windows: readonly WindowVerdict[];
  readonly zone: string;
}

/** How long the cursor rests before the picture of its time is fetched. */
const REST_MS = 120;

/** The plots of a drive, where there are any; cursor and chosen frame follow one another. */
export function DrivePlots({ id, frames, chosen, choose, windows, zone }: DrivePlotsProps): JSX.Element | null {
  const { answer } = useAsked<EvidenceAnswer>(`/api/drives/${id}/evidence`);
  const findings = useMemo(() => findingsOf(windows), [windows]);
  useEffect(() => forgetMoment, [id]);
  const atS = momentS.value;
  useEffect(() => {
    if (chosen === null || chosen.capturedAt === null) return;
    if (momentS.peek() === null || nearestInTime(frames, momentS.peek()!) !== chosen) momentS.value = Date.parse(chosen.capturedAt) / 1000;
  }, [chosen]);
  useEffect(() => {
    if (atS === null) return undefined;
    const rested = setTimeout(() => {
      const nearest = nearestInTime(frames, atS);
      if (nearest !== null && nearest !== chosen && nearest.capturedAt !== chosen?.capturedAt) choose(nearest.path);
    }, REST_MS);
    return () => clearTimeout(rested);
  }, [atS]);
  if (answer === null || answer.tS.length < 2) return null;
  return <EvidencePlots evidence={answer} findings={findings} zone={zone} />;
}

function nearestInTime(frames: readonly DriveFrame[], atS: number): DriveFrame | null {
  let best: DriveFrame | null = null;
  let away = Infinity;
  for (const frame of frames) {
    if (frame.capturedAt === null) continue;
    const distance = Math.abs(Date.parse(frame.capturedAt) / 1000 - atS);
    if (distance < away) [best, away] = [frame, distance];
  }
  return best;
}

import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import type { DriveFrame, EvidenceAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { findingsOf } from '../findings.ts';
import { useMomentFollowed } from '../follow-moment.ts';
import { forgetMoment } from '../moment.ts';
import { EvidencePlots } from './evidence-plots.tsx';

interface DrivePlotsProps {
  readonly id: string;
  readonly frames: readonly DriveFrame[];
  readonly chosen: DriveFrame | null;
  readonly choose: (path: string | null) => void;
  readonly windows: readonly WindowVerdict[];
  readonly zone: string;
}

/** The plots of a drive, where there are any; cursor and chosen frame follow one another. */
export function DrivePlots({ id, frames, chosen, choose, windows, zone }: DrivePlotsProps): JSX.Element | null {
  const { answer } = useAsked<EvidenceAnswer>(`/api/drives/${id}/evidence`);
  const findings = useMemo(() => findingsOf(windows), [windows]);
  useEffect(() => forgetMoment, [id]);
  const timesS = useMemo(() => frames.map(({ capturedAt }) => (capturedAt === null ? null : Date.parse(capturedAt) / 1000)), [frames]);
  useMomentFollowed(timesS, chosen === null ? -1 : frames.indexOf(chosen), (index) => choose(frames[index]?.path ?? null));
  if (answer === null || answer.tS.length < 2) return null;
  return <EvidencePlots evidence={answer} findings={findings} zone={zone} />;
}

import type { EvidenceAnswer } from './answers.ts';
import { clockText } from './dates.ts';
import { heldBack, rowAt } from './evidence.ts';
import { numberText, quantityText } from './quantities.ts';
import { say } from './words.ts';

const KMH_PER_MPS = 3.6;

/** What was measured at an instant, as one sentence: what the slider says and what stands over the plots. */
export function momentText(evidence: EvidenceAnswer, atS: number, zone: string): string {
  const row = rowAt(evidence.tS, atS);
  const value = (column: readonly (number | null)[], text: (value: number) => string, key: string): string[] => {
    const found = column[row] ?? null;
    return found === null ? [] : [say(key, { value: text(found) })];
  };
  const parts = [
    ...value(evidence.gnssSpeedMps, kmh, 'plot.at.speed'), ...value(evidence.reportedSpeedMps, kmh, 'plot.at.reported'),
    ...value(evidence.gnssCourseDeg, degrees, 'plot.at.course'), ...value(evidence.imuCourseDeg, degrees, 'plot.at.turned'),
    ...value(evidence.vibrationMps2, (mps2) => quantityText(mps2, 'm/s²'), 'plot.at.vibration'),
  ];
  const over = heldBack(evidence.windows).some(({ fromS, toS }) => fromS <= atS && atS < toS);
  return [clockText(atS, zone), ...(parts.length === 0 ? [say('plot.no.data')] : parts), ...(over ? [say('plot.at.over')] : [])].join(', ');
}

function kmh(mps: number): string {
  return `${numberText(mps * KMH_PER_MPS)} km/h`;
}

function degrees(deg: number): string {
  return `${numberText(((deg % 360) + 360) % 360)}°`;
}

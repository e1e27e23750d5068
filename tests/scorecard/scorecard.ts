import { MACRO, SCORED_ATTACKS } from './attacks.ts';
import { ABLATIONS } from './ablation.ts';
import { CAMERA_ATTACKS, CAMERA_HONEST } from './camera-attacks.ts';
import { fusion, tunedEkf } from './baselines/tuning.ts';
import { type Decision, DEVICE_KINDS } from './decision.ts';
import { dropOutFigures, type DropOutFigures } from './dropout-figures.ts';
import type { HonestDrive } from './honest.ts';
import { type MacroIntervals, macroIntervals, macroRows } from './macro.ts';
import { LONG_ATTACKS } from './measure.ts';
import { type AttackRow, attackRow, limitsOf, type Mean, meanOf, type NotMeasured, notMeasured, ours, type Row, rowOf, type Saying } from './rows.ts';
import { above } from '../training/figures.ts';
import { VARIANT_ATTACKS } from './variants.ts';

export type MethodFigures = (Mean & Partial<MacroIntervals> & { readonly attacks: Readonly<Record<string, Row | null>> }) | NotMeasured;

/** What `npm run scorecard -- --json` prints; shares in [0, 1]. The outermost keys are those of the issue. */
export interface Scorecard {
  readonly macro: (Mean & Partial<MacroIntervals>) | NotMeasured;
  readonly worst_drive_fpr: number | null;
  readonly honest: HonestFigures;
  readonly attacks: Readonly<Record<string, AttackRow | NotMeasured>>;
  readonly unseen: Readonly<Record<string, (Row & { readonly ekf_tpr_at_1pct: number | null; readonly reason?: string }) | (NotMeasured & { readonly ekf_tpr_at_1pct: number | null })>>;
  readonly dropouts: Readonly<Record<string, DropOutFigures | NotMeasured>>;
  readonly baselines: Readonly<Record<string, MethodFigures>>;
  readonly ablation: Readonly<Record<string, MethodFigures>>;
}

export interface HonestFigures {
  readonly drives: number;
  readonly windows: number;
  readonly rejected: number;
  readonly accepted_seconds_share: number;
  readonly unverified_seconds_share: number;
  readonly verdicts: Readonly<Record<string, number>>;
  /** The simulated honest look-alikes of threats.md. */
  readonly look_alikes: Readonly<Record<string, number>>;
  readonly threshold_1pct: number;
  readonly threshold_0_1pct: number;
  readonly worst_drive: string | null;
  readonly fpr_by_drive: Readonly<Record<string, { readonly windows: number; readonly at_1pct: number; readonly at_0_1pct: number }>>;
}

/** All that was measured on one kind of drives. */
export interface Material {
  readonly decisions: readonly Decision[];
  readonly honest: readonly HonestDrive[];
  /** Decisions by weights that were trained without the attack, honest windows of the same drives among them. */
  readonly leftOut: readonly { readonly attack: string; readonly decisions: readonly Decision[] }[];
  readonly lookAlikes: readonly HonestDrive[];
  /** Of drives with pictures and without a motion sensor, all of them simulated. */
  readonly camera: readonly Decision[];
}

/** Worst drive: of those with at least so many windows (threats.md). */
const WORST_OF_WINDOWS = 90;
/** Attack types that are also scored by weights that were not trained on them. */
export const UNSEEN = ['time-shift', 'frozen', 'wrong-turn', 'parked-imu'];

export function scorecardOf({ decisions, honest, leftOut, lookAlikes, camera }: Material): Scorecard {
  const plain = decisions.filter(({ dropOut }) => dropOut === null);
  const ekf = tunedEkf(plain);
  const mean = macroRows(plain, ours).mean;
  const windows = plain.filter(({ attack }) => attack === 'honest');
  return {
    macro: mean === null ? notMeasured('not every one of the nine attacks could be tried on these drives') : { ...mean, ...macroIntervals(plain, ours) },
    worst_drive_fpr: worstDrive(windows)?.fpr ?? null,
    honest: { ...honestFigures(honest, windows), look_alikes: verdictsOf(lookAlikes) },
    attacks: { ...attackRows(plain), ...cameraRows(camera) },
    unseen: Object.fromEntries(UNSEEN.map((attack) => [attack, unseenRow(attack, { leftOut, plain, ekf })])),
    dropouts: dropOutFigures(decisions),
    baselines: {
      thresholds: methodFigures(plain, ({ others }) => others['thresholds']!),
      ekf: ekf === null ? notMeasured(ONE_GROUP) : methodFigures(plain, ekf),
      fusion: fusionFigures(plain),
    },
    ablation: Object.fromEntries(Object.keys(ABLATIONS).map((name) => [name, ablationFigures(plain, name)])),
  };
}

const ONE_GROUP = 'all drives are of one fold: there is nothing to tune on that it has not seen';

/** The attacks of the issue, the longer spans, and the identity control. */
export function attackNames(): readonly string[] {
  return [...Object.keys(SCORED_ATTACKS), ...Object.values(LONG_ATTACKS), 'identity', ...Object.keys(VARIANT_ATTACKS)];
}

function attackRows(plain: readonly Decision[]): Scorecard['attacks'] {
  return Object.fromEntries(attackNames().map((attack) => {
    const honest = plain.filter((decision) => decision.attack === (attack.endsWith('-180s') ? 'honest-180s' : 'honest'));
    return [attack, attackRow(plain.filter((decision) => decision.attack === attack), honest) ?? notMeasured('no drive here can be attacked so')];
  }));
}

export function methodFigures(plain: readonly Decision[], saying: Saying): MethodFigures {
  const { mean, rows } = macroRows(plain, saying);
  return mean === null ? notMeasured('not every one of the nine attacks could be tried on these drives') : { ...mean, attacks: rows };
}

function fusionFigures(plain: readonly Decision[]): MethodFigures {
  const saying = fusion(plain);
  return saying === null ? notMeasured(ONE_GROUP) : methodFigures(plain, saying);
}

function ablationFigures(plain: readonly Decision[], name: string): MethodFigures {
  const saying: Saying = ({ others }) => others[name]!;
  // A judge of no checks says the same of everything.
  return plain.every((decision) => saying(decision) === 0) ? notMeasured('the judge has no such checks') : methodFigures(plain, saying);
}

interface WorstDrive {
  readonly drive: string;
  readonly fpr: number;
}

function worstDrive(windows: readonly Decision[]): WorstDrive | null {
  const shares = Object.entries(fprByDrive(windows)).filter(([, { windows: count }]) => count >= WORST_OF_WINDOWS).map(([drive, { at_1pct: fpr }]) => ({ drive, fpr }));
  return shares.reduce<WorstDrive | null>((worst, one) => (worst === null || one.fpr > worst.fpr ? one : worst), null);
}

function fprByDrive(windows: readonly Decision[]): HonestFigures['fpr_by_drive'] {
  const { at1Pct, at01Pct } = limitsOf(windows.map(ours));
  return Object.fromEntries([...new Set(windows.map(({ drive }) => drive))].map((drive) => {
    const values = windows.filter((window) => window.drive === drive).map(ours);
    return [drive, { windows: values.length, at_1pct: above(values, at1Pct).share, at_0_1pct: above(values, at01Pct).share }];
  }));
}

function honestFigures(honest: readonly HonestDrive[], windows: readonly Decision[]): Omit<HonestFigures, 'look_alikes'> {
  const seconds = (verdict: 'accepted' | 'unverified'): number => honest.reduce((sum, drive) => sum + drive.seconds[verdict], 0);
  const all = honest.reduce((sum, { seconds }) => sum + Object.values(seconds).reduce((a, b) => a + b, 0), 0);
  const { at1Pct, at01Pct } = limitsOf(windows.map(ours));
  return {
    drives: honest.length, windows: windows.length,
    rejected: honest.filter(({ verdict }) => verdict === 'rejected').length,
    accepted_seconds_share: seconds('accepted') / Math.max(1, all), unverified_seconds_share: seconds('unverified') / Math.max(1, all),
    verdicts: verdictsOf(honest),
    threshold_1pct: at1Pct, threshold_0_1pct: at01Pct, worst_drive: worstDrive(windows)?.drive ?? null, fpr_by_drive: fprByDrive(windows),
  };
}

function verdictsOf(honest: readonly HonestDrive[]): Readonly<Record<string, number>> {
  return Object.fromEntries(['accepted', 'flagged', 'rejected', 'unverified'].map((verdict) => [verdict, honest.filter((drive) => drive.verdict === verdict).length]));
}

function cameraRows(camera: readonly Decision[]): Scorecard['attacks'] {
  const of = (name: string): readonly Decision[] => camera.filter(({ attack }) => attack === name);
  return Object.fromEntries(CAMERA_ATTACKS.flatMap((name) => {
    const row = attackRow(of(name), of(CAMERA_HONEST));
    return row === null ? [] : [[name, row]];
  }));
}

function unseenRow(attack: string, { leftOut, plain, ekf }: { readonly leftOut: Material['leftOut']; readonly plain: readonly Decision[]; readonly ekf: Saying | null }): Scorecard['unseen'][string] {
  const classical = ekf === null ? null : (macroRows(plain, ekf).rows[attack]?.tpr_at_1pct ?? null);
  const those = leftOut.filter((one) => one.attack === attack).flatMap(({ decisions }) => decisions).filter(({ dropOut }) => dropOut === null);
  const values = (name: string): readonly number[] => those.filter((decision) => decision.attack === name).map(ours);
  const row = rowOf(values(attack), values('honest'));
  return { ...(row ?? notMeasured('no weights are committed that were trained without this attack')), ekf_tpr_at_1pct: classical };
}

/** Each kind of device at the threshold of all others. */
export function deviceRows(decisions: readonly Decision[]): Readonly<Record<string, { readonly windows: number; readonly fpr_at_1pct: number; readonly macro: Mean | null; readonly attacks: number }>> {
  const plain = decisions.filter(({ dropOut }) => dropOut === null);
  return Object.fromEntries(DEVICE_KINDS.flatMap((device) => {
    const [own, others] = [plain.filter((decision) => decision.device === device), plain.filter((decision) => decision.device !== device && decision.attack === 'honest')];
    const windows = own.filter(({ attack }) => attack === 'honest');
    if (windows.length === 0 || others.length === 0) return [];
    const rows = MACRO.map((attack) => rowOf(own.filter((decision) => decision.attack === attack).map(ours), others.map(ours))).filter((row) => row !== null);
    return [[device, { windows: windows.length, fpr_at_1pct: above(windows.map(ours), limitsOf(others.map(ours)).at1Pct).share, macro: meanOf(rows), attacks: rows.length }]];
  }));
}

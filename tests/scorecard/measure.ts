import { makeRandom, type Random } from '../../fixtures/random.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { asDrive } from '../training/attacked.ts';
import { UNFIT_TO_ATTACK } from '../training/journeys.ts';
import { type Attempt, IDENTITIES, SCORED_ATTACKS, type ScoredAttack } from './attacks.ts';
import { type Decision, deviceKind, type ScoredWindow, strongestOf } from './decision.ts';
import { DROP_OUTS } from './dropouts.ts';
import type { FoldJudge } from './fold-judge.ts';
import { type HonestDrive, honestDrive } from './honest.ts';
import { drivenWithin, type Ground, lootFrom, stretchAround } from './placing.ts';
import { type ScoredDrive, scoreDrive } from './score-windows.ts';
import { VARIANT_ATTACKS } from './variants.ts';

/** How much is drawn, for each minute in which an attack may begin. */
export interface Effort {
  readonly seed: number;
  readonly attacksPerMinute: number;
  readonly variantsPerMinute: number;
  readonly dropOutsPerMinute: number;
}

export interface Setting {
  readonly judge: FoldJudge;
  readonly fold: number | null;
  readonly source: 'real' | 'simulated';
  readonly effort: Effort;
  /** The attacks to try, with all sensors; null = everything. */
  readonly only: readonly string[] | null;
  /** Drives of the same fold, whose logs a forger may use: the judge has seen none of them. */
  readonly mates: readonly Ground[];
  /** Counts excerpts and drives that are done. */
  readonly done: () => void;
}

/** All that is measured on one drive. */
export interface Measured {
  readonly decisions: readonly Decision[];
  readonly honest: readonly HonestDrive[];
}

const LONG_S = 180;
/** For these the judge is also asked what it says after `LONG_S`. */
export const LONG_ATTACKS: Readonly<Record<string, string>> = { 'drag-off': 'drag-off-180s', 'slow-drag': 'slow-drag-180s' };

export async function measureDrive(ground: Ground, setting: Setting): Promise<Measured> {
  const whole = await scoreDrive(setting.judge, ground.drive);
  setting.done();
  const decisions: Decision[] = [...honestDecisions(ground, setting, { scored: whole, dropOut: null })];
  const honest = [honestDrive(whole, setting.source)];
  for (const [dropOut, drop] of setting.only === null ? Object.entries(DROP_OUTS) : []) {
    const without = drop(ground.drive);
    if (without !== null) decisions.push(...honestDecisions(ground, setting, { scored: await scoreDrive(setting.judge, without), dropOut }));
  }
  for (const planned of plan(ground, setting)) {
    decisions.push(...(await attempt(ground, setting, planned)));
    setting.done();
  }
  return { decisions, honest };
}

interface Planned {
  readonly attack: string;
  readonly dropOut: string | null;
  readonly made: ScoredAttack;
  readonly random: Random;
}

/** What will be tried on a drive; each attack draws from a stream of its own, so that one more attack changes no other. */
export function plan({ drive, onsets }: Ground, { effort, only }: Pick<Setting, 'effort' | 'only'>): readonly Planned[] {
  if (onsets.length === 0 || UNFIT_TO_ATTACK.includes(drive.name)) return [];
  const times = (perMinute: number): number => Math.max(1, Math.round((onsets.length / 60) * perMinute));
  const list: Planned[] = [];
  const add = (attack: string, made: ScoredAttack, tries: { readonly count: number; readonly dropOut: string | null; readonly stream?: number }): void => {
    if (made.needsImu && drive.imu === null) return;
    const random = makeRandom(effort.seed, `${drive.name} ${attack} ${tries.dropOut ?? ''} ${tries.stream ?? 0}`);
    for (let n = 0; n < tries.count; n += 1) list.push({ attack, made, random, dropOut: tries.dropOut });
  };
  for (const [attack, made] of Object.entries(SCORED_ATTACKS)) if (only?.includes(attack) !== false) add(attack, made, { count: times(effort.attacksPerMinute), dropOut: null });
  if (only !== null) return list;
  for (const [attack, made] of Object.entries(VARIANT_ATTACKS)) add(attack, made, { count: times(effort.variantsPerMinute), dropOut: null });
  for (const [n, made] of IDENTITIES.entries()) add('identity', made, { count: times(effort.attacksPerMinute / IDENTITIES.length), dropOut: null, stream: n });
  for (const [dropOut, drop] of Object.entries(DROP_OUTS)) {
    if (drop(drive) === null) continue;
    for (const [attack, made] of Object.entries(SCORED_ATTACKS)) if (made.inMacro) add(attack, made, { count: times(effort.dropOutsPerMinute), dropOut });
  }
  return list;
}

async function attempt(ground: Ground, setting: Setting, { attack, dropOut, made, random }: Planned): Promise<readonly Decision[]> {
  const { drive, sketch } = ground;
  const onsetS = sketch.startS + random.pick(ground.onsets);
  const others = setting.mates.filter(({ drive, onsets }) => onsets.length > 0 && !UNFIT_TO_ATTACK.includes(drive.name));
  const loot = lootFrom(ground, random.pick(others.length === 0 ? [ground] : others), random);
  const tried = made.make({ own: stretchAround(ground, onsetS), onsetS, random, loot });
  if (tried === null) return [];
  const forged = asDrive(tried.drive, drive);
  const seen = dropOut === null ? forged : DROP_OUTS[dropOut]!(forged);
  if (seen === null) return [];
  const windows = (await scoreDrive(setting.judge, seen)).parts.flatMap((part) => part.windows);
  const asked = windows.filter((window) => tried.decides(window.fromS, window.toS) && isDriven(ground, window));
  if (asked.length === 0) return [];
  const later = laterThan(tried, windows);
  const decided = decision(ground, setting, { attack, dropOut, window: random.pick(asked), later });
  const long = LONG_ATTACKS[attack];
  const span = windows.filter(({ fromS, toS }) => fromS >= tried.onsetS - 8 && toS <= tried.onsetS + LONG_S + 8);
  return long === undefined || dropOut !== null || span.length < windowsIn(LONG_S) ? [decided] : [decided, decision(ground, setting, { attack: long, dropOut, window: strongestOf(span), later: [] })];
}

function laterThan({ onsetS }: Attempt, windows: readonly ScoredWindow[]): Decision['later'] {
  return Number.isFinite(onsetS) ? windows.filter(({ toS }) => toS > onsetS).map(({ toS, score }) => ({ afterS: toS - onsetS, score })) : [];
}

/** Windows of a whole drive as it is: each driven one, and the spans that are compared with what a slide looks like after `LONG_S`. */
function honestDecisions(ground: Ground, setting: Setting, { scored, dropOut }: { readonly scored: ScoredDrive; readonly dropOut: string | null }): readonly Decision[] {
  return scored.parts.flatMap(({ windows }) => {
    const count = windowsIn(LONG_S);
    const single = windows.filter((window) => isAsked(ground, window)).map((window) => decision(ground, setting, { attack: 'honest', dropOut, window, later: [] }));
    if (dropOut !== null) return single;
    const long = windows.slice(0, Math.max(0, windows.length - count + 1)).flatMap((window, n) => (isAsked(ground, window) ? [strongestOf(windows.slice(n, n + count))] : []));
    return [...single, ...long.map((window) => decision(ground, setting, { attack: 'honest-180s', dropOut, window, later: [] }))];
  });
}

interface Decided {
  readonly attack: string;
  readonly dropOut: string | null;
  readonly window: ScoredWindow;
  readonly later: Decision['later'];
}

function decision({ drive }: Ground, { fold, source }: Setting, { attack, dropOut, window, later }: Decided): Decision {
  return { ...window, attack, dropOut, later, drive: drive.name, device: deviceKind(drive), fold, source };
}

/** A window that nothing can be said of is no decision; a forged one of that kind is one, and missed. */
function isAsked(ground: Ground, window: ScoredWindow): boolean {
  return window.isChecked && isDriven(ground, window);
}

/** As the recipe counts driving windows; of a forged one its true motion decides. */
function isDriven(ground: Ground, { fromS, toS }: ScoredWindow): boolean {
  return drivenWithin(ground, fromS, toS) >= RECIPE.validate.flagStretchS;
}

function windowsIn(spanS: number): number {
  return 1 + Math.floor((spanS - RECIPE.validate.windowS) / RECIPE.validate.strideS);
}

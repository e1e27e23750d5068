import type { Decision } from './decision.ts';
import { DROP_OUTS } from './dropouts.ts';
import { type MacroRows, macroRows } from './macro.ts';
import { type Mean, type NotMeasured, notMeasured, ours } from './rows.ts';

/** The macro with a sensor taken away from every drive that has it; thresholds from honest windows without it, too. */
export interface DropOutFigures extends Mean {
  readonly attacks: MacroRows['rows'];
  /** Drives that had something to lose. */
  readonly drives: number;
  /** Honest windows that the shipped recipe rejects once the sensor is gone: taking one away must accuse nobody. */
  readonly honest_windows_rejected: number;
}

export function dropOutFigures(decisions: readonly Decision[]): Readonly<Record<string, DropOutFigures | NotMeasured>> {
  return Object.fromEntries(Object.keys(DROP_OUTS).map((name) => [name, figuresOf(decisions, name)]));
}

function figuresOf(decisions: readonly Decision[], name: string): DropOutFigures | NotMeasured {
  const without = decisions.filter(({ dropOut }) => dropOut === name);
  const drives = new Set(without.map(({ drive }) => drive));
  if (drives.size === 0) return notMeasured(`no drive here has what ${name} takes away`);
  const { mean, rows } = macroRows(affectedBy(decisions, name), ours);
  if (mean === null) return notMeasured('not every one of the nine attacks could be tried on these drives');
  return { ...mean, attacks: rows, drives: drives.size, honest_windows_rejected: without.filter(({ attack, verdict }) => attack === 'honest' && verdict === 'rejected').length };
}

/** All drives as they are without the sensor; none where no drive had it. */
export function affectedBy(decisions: readonly Decision[], name: string): readonly Decision[] {
  const without = decisions.filter(({ dropOut }) => dropOut === name);
  return without.length === 0 ? [] : [...without, ...unaffected(decisions, new Set(without.map(({ drive }) => drive)), without)];
}

/** Drives that never had the sensor stand as they are; of their attacks as large a share as was drawn of the others. */
function unaffected(decisions: readonly Decision[], drives: ReadonlySet<string>, without: readonly Decision[]): readonly Decision[] {
  const plain = decisions.filter(({ dropOut }) => dropOut === null);
  const attacks = (of: readonly Decision[]): number => of.filter(({ attack, drive }) => attack === 'teleport' && drives.has(drive)).length;
  const oneIn = Math.max(1, Math.round(attacks(plain) / Math.max(1, attacks(without))));
  return plain.filter(({ drive, attack }, n) => !drives.has(drive) && (attack === 'honest' || n % oneIn === 0));
}

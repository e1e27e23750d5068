import { severity, type WindowVerdict } from '../../shared/model/verdict.ts';
import { type Calibration, chanceOfCheck, chanceOfWindow, surprise } from '../../validate/calibrate.ts';
import { LEARNED_CONSISTENCY } from '../../validate/checks/learned-consistency.ts';

/** Which of the three judges of design.md a check belongs to. */
export type Bench = 'net' | 'filter' | 'rules';

/** Checks that fit the vehicle's motion, the mounting or the delay before they compare; the others compare figures as they are. */
const FILTER_CHECKS: readonly string[] = ['heading', 'forward-force', 'track-force', 'leap-force', 'lag', 'frozen', 'drift'];

export function benchOf(check: string): Bench {
  return check === LEARNED_CONSISTENCY ? 'net' : FILTER_CHECKS.includes(check) ? 'filter' : 'rules';
}

/** What remains of the judge. */
export const ABLATIONS: Readonly<Record<string, readonly Bench[]>> = {
  all: ['net', 'filter', 'rules'],
  without_net: ['filter', 'rules'],
  without_filter: ['net', 'rules'],
  without_rules: ['net', 'filter'],
  net_only: ['net'],
  filter_only: ['filter'],
  rules_only: ['rules'],
};

/** What the judge would say of a window with some of its checks, from their values in the receipt; higher = less plausible. */
export function ablated({ checks }: WindowVerdict, calibration: Calibration, benches: readonly Bench[]): number {
  const chances = Object.entries(checks).filter(([name]) => benches.includes(benchOf(name))).map(([name, result]) => ({ name, chance: chanceOfCheck(calibration, name, severity(result)) }));
  const chance = chanceOfWindow(calibration, chances);
  return chance === null ? 0 : surprise(chance);
}

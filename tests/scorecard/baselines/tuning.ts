import { MACRO } from '../attacks.ts';
import type { Decision } from '../decision.ts';
import { macroRows } from '../macro.ts';
import type { Saying } from '../rows.ts';
import { ekfName } from '../score-windows.ts';
import { EKF_TUNINGS } from './ekf.ts';
import { fitLogistic, logOdds, type Logistic } from './fusion.ts';

/** Decisions that a baseline must not learn from when it speaks of one of them: its fold, or its drive where no fold holds it. */
export function groupOf({ fold, drive }: Decision): string {
  return fold === null ? drive : `fold ${fold}`;
}

/** The filter with the tuning that does best on the nine attacks on all other groups; null where there is only one group. */
export function tunedEkf(decisions: readonly Decision[]): Saying | null {
  const chosen = perGroup(decisions, (others) => {
    const rates = EKF_TUNINGS.map((_, n) => macroRows(others, ({ others: said }) => said[ekfName(n)]!).mean?.tpr_at_1pct ?? 0);
    return rates.indexOf(Math.max(...rates));
  });
  return chosen === null ? null : (decision) => decision.others[ekfName(chosen.get(groupOf(decision)) ?? 0)]!;
}

/** The logistic fusion of the classical scores, fitted on all other groups; null where there is only one group. */
export function fusion(decisions: readonly Decision[]): Saying | null {
  const fitted = perGroup(decisions, (others): Logistic => fitLogistic(others.filter(({ attack }) => attack === 'honest').map(({ features }) => features), others.filter(({ attack }) => MACRO.includes(attack)).map(({ features }) => features)));
  return fitted === null ? null : (decision) => logOdds(fitted.get(groupOf(decision))!, decision.features);
}

function perGroup<Learned>(decisions: readonly Decision[], learn: (others: readonly Decision[]) => Learned): ReadonlyMap<string, Learned> | null {
  const groups = [...new Set(decisions.map(groupOf))];
  if (groups.length < 2) return null;
  return new Map(groups.map((group) => [group, learn(decisions.filter((decision) => groupOf(decision) !== group))]));
}

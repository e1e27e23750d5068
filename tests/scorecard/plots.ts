import { MACRO } from './attacks.ts';
import { fusion, tunedEkf } from './baselines/tuning.ts';
import type { Decision } from './decision.ts';
import { DROP_OUTS } from './dropouts.ts';
import { affectedBy } from './dropout-figures.ts';
import { valuesOf } from './macro.ts';
import { meanCurve, rates, rocOf, type RocPoint } from './roc.ts';
import { ours, type Saying } from './rows.ts';
import { rocSvg } from './svg.ts';

const AT = rates(1e-3, 120);

/** The plots of a scorecard by file name. */
export function plotsOf({ real, simulated }: { readonly real: readonly Decision[]; readonly simulated: readonly Decision[] }): Readonly<Record<string, string>> {
  const plain = real.filter(({ dropOut }) => dropOut === null);
  const [ekf, fused] = [tunedEkf(plain), fusion(plain)];
  const methods: readonly (readonly [string, Saying])[] = [
    ['Wayproof', ours], ...(fused === null ? [] : [['logistic fusion', fused] as const]), ...(ekf === null ? [] : [['tuned EKF', ekf] as const]), ['thresholds', ({ others }) => others['thresholds']!],
    ['without the net', ({ others }) => others['without_net']!], ['the net alone', ({ others }) => others['net_only']!],
  ];
  const drops = Object.keys(DROP_OUTS).map((name) => [name, affectedBy(real, name)] as const).filter(([, decisions]) => decisions.length > 0);
  return {
    'roc-methods.svg': rocSvg({ title: 'Mean over nine attacks, real drives', description: 'ROC curves of Wayproof, its baselines and two ablations, averaged over the nine attacks of the macro figure.', lines: methods.map(([name, saying]) => ({ name, points: macroCurve(plain, saying) })) }),
    'roc-attacks.svg': attackPlot('Each of the nine attacks, real drives', plain),
    'roc-simulated.svg': attackPlot('Each of the nine attacks, simulated drives', simulated.filter(({ dropOut }) => dropOut === null)),
    'roc-dropouts.svg': rocSvg({ title: 'Without a sensor, mean over nine attacks, real drives', description: 'ROC curves with all sensors and with one of them taken away.', lines: [{ name: 'all sensors', points: macroCurve(plain, ours) }, ...drops.map(([name, decisions]) => ({ name: name.replaceAll('_', ' '), points: macroCurve(decisions, ours) }))] }),
  };
}

function attackPlot(title: string, decisions: readonly Decision[]): string {
  const honest = valuesOf(decisions, 'honest', ours);
  const lines = [...MACRO, 'slow-drag'].map((attack) => ({ name: attack, points: meanCurve([rocOf(valuesOf(decisions, attack, ours), honest)], AT) }));
  return rocSvg({ title, description: 'ROC curves of Wayproof for each attack; the axis of false positives is logarithmic.', lines });
}

/** None where one of the nine was not tried: a mean over fewer is another figure. */
function macroCurve(decisions: readonly Decision[], saying: Saying): readonly RocPoint[] {
  const honest = valuesOf(decisions, 'honest', saying);
  const curves = MACRO.map((attack) => rocOf(valuesOf(decisions, attack, saying), honest));
  return curves.some(({ length }) => length === 0) ? [] : meanCurve(curves, AT);
}

import { MACRO } from './attacks.ts';
import { LONG_ATTACKS, type Effort, type Measured } from './measure.ts';
import { plotsOf } from './plots.ts';
import type { AttackRow, Interval, Mean, NotMeasured } from './rows.ts';
import { deviceRows, type MethodFigures, type Scorecard } from './scorecard.ts';

/** What the paper is written from. */
export interface Paper {
  readonly real: Scorecard;
  readonly simulated: Scorecard;
  readonly material: { readonly real: Measured; readonly simulated: Measured; readonly lookAlikes: Measured['honest']; readonly devices: readonly { readonly device: string; readonly measured: Measured }[] };
  readonly effort: Effort;
  /** Of the run, as 2026-01-31. */
  readonly date: string;
  readonly minutes: number;
  /** SHA-256 of the shipped weights and of what stands beside them. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** SCORECARD.md and its plots by file name: written by the command, never by hand. */
export function paperOf(paper: Paper): { readonly markdown: string; readonly plots: Readonly<Record<string, string>> } {
  const { real, simulated, material } = paper;
  const lines = [
    ...head(paper), ...macro(real), ...attacks(real, 'Attacks on real drives'), ...variants(real), ...unseen(real), ...honest(real, material.real), ...devices(paper), ...methods(real), ...dropouts(real),
    ...attacks(simulated, 'Attacks on simulated drives'), ...simulatedHonest(simulated), ...lookAlikes(paper), ...camera(real), ...limits(), ...files(paper),
  ];
  return { markdown: `${lines.join('\n')}\n`, plots: plotsOf({ real: material.real.decisions, simulated: material.simulated.decisions }) };
}

function head({ real, simulated, effort, date, minutes }: Paper): readonly string[] {
  return [
    '# Scorecard', '',
    `Written by \`npm run scorecard\` on ${date} in ${Math.ceil(minutes)} minutes, seed ${effort.seed}; do not edit. ${real.honest.drives} real drives with ${real.honest.windows} driven windows, ${simulated.honest.drives} simulated ones with ${simulated.honest.windows}.`, '',
    '- One decision is one window of 64 s that holds at least 32 s of the attack, one a stretch; `-180s` rows ask for the strongest of the windows within 180 s of the onset, against the strongest of as many honest ones. Replay, simulated, parked and frozen begin 15 s into their window. A stretch reaches about 200 s back and 250 s ahead and is judged as a drive of its own by the same function as every drive.',
    '- Each drive is scored by weights, limit and calibration of a fold that has not seen its journey; drives that no fold knows are scored by the shipped ones. Limits of the recipe in physical units were set by people who had seen the drives.',
    '- Thresholds are those that 1 % and 0.1 % of the real honest windows are above, pooled over all drives: windows in which at least 16 s are driven and any check could be made, in whole drives. Intervals are 95 %: Wilson for a row, whole drives drawn anew for the mean. Below 3,000 independent honest windows 0.1 % is reported and not to be relied on: these windows overlap by three quarters.',
    '- Attacks that only a motion sensor can tell are tried on drives that have one.', '',
  ];
}

function macro({ macro, worst_drive_fpr: worst, honest, attacks, unseen, baselines }: Scorecard): readonly string[] {
  return [
    '## In short', '', '| figure | measured | to reach |', '|---|---|---|',
    `| mean of nine attacks, TPR at 1 % FPR | ${share(macro.tpr_at_1pct, intervalOf(macro, 'tpr_at_1pct_interval'))} | 0.90 |`,
    `| mean of nine attacks, TPR at 0.1 % FPR | ${share(macro.tpr_at_0_1pct, intervalOf(macro, 'tpr_at_0_1pct_interval'))} | 0.70 |`,
    `| mean of nine attacks, AUC | ${number(macro.auc)} | |`,
    `| tuned EKF and logistic fusion, TPR at 1 % FPR | ${number(baselines['ekf']!.tpr_at_1pct)}, ${number(baselines['fusion']!.tpr_at_1pct)} | |`,
    `| drag-off after 64 s, TPR at 1 % FPR | ${tprOf(attacks['drag-off']!)} | 0.40 |`,
    `| drag-off after 180 s, TPR at 1 % FPR | ${tprOf(attacks['drag-off-180s']!)} | 0.65 |`,
    `| attacks not trained on, TPR at 1 % FPR: ${Object.keys(unseen).join(', ')} | ${Object.values(unseen).map((row) => (row.tpr_at_1pct === null ? 'not measured' : number(row.tpr_at_1pct))).join(', ')} | 0.60 each, none below the EKF |`,
    `| identity control, AUC | ${number(attacks['identity']!.auc)} | 0.45 to 0.55 |`,
    ...['teleport-200m', 'parked-imu', 'replay'].map((name) => `| ${name}, shipped recipe: windows rejected, not accepted | ${shippedOf(attacks[name]!)} | 80 %, 95 % |`),
    `| worst drive's false positives at the pooled 1 % threshold | ${percent(worst)} (${honest.worst_drive ?? 'no drive has 90 windows'}) | 3 % |`,
    `| honest drives rejected, shipped recipe | ${honest.rejected} of ${honest.drives} | 0 |`,
    `| simulated look-alikes rejected, shipped recipe | ${honest.look_alikes['rejected'] ?? 0} of ${Object.values(honest.look_alikes).reduce((a, b) => a + b, 0)} | 0 |`,
    `| driving seconds with a fix accepted | ${percent(honest.accepted_seconds_share)} | 95 % |`,
    `| driving seconds with a fix unverified | ${percent(honest.unverified_seconds_share)} | at most 5 % |`, '',
    '![ROC of Wayproof and its baselines](scorecard/roc-methods.svg)', '',
  ];
}

function tprOf(row: AttackRow | NotMeasured): string {
  return isMissing(row) ? '' : share(row.tpr_at_1pct, row.tpr_at_1pct_interval);
}

function shippedOf(row: AttackRow | NotMeasured): string {
  return isMissing(row) ? '' : `${percent(row.shipped_rejected)}, ${percent(row.shipped_not_accepted)}`;
}

const OWN_ROWS = [...MACRO, 'slow-drag', 'constant-offset', 'teleport-200m', ...Object.values(LONG_ATTACKS), 'identity'];

function attacks({ attacks }: Scorecard, title: string): readonly string[] {
  return [
    `## ${title}`, '',
    'The mean is over the first nine. The last two columns are the shipped recipe: what it says of the same windows. `identity` is the attacks\' code with nothing to do: its AUC must be 0.50 ± 0.05. Delay: median seconds from the onset to the end of the first window over the 1 % threshold, of the share of stretches in which there was one; the judge may look some minutes beyond a window\'s end.', '',
    ...table(OWN_ROWS, attacks),
    title.includes('real') ? '![ROC of each attack on real drives](scorecard/roc-attacks.svg)' : '![ROC of each attack on simulated drives](scorecard/roc-simulated.svg)', '',
  ];
}

function variants({ attacks }: Scorecard): readonly string[] {
  const names = Object.keys(attacks).filter((name) => name.includes('/') && !name.startsWith('camera/'));
  return ['## The same cheats done otherwise, real drives', '', 'Other variants of the table of attacks, outside the mean.', '', ...table(names, attacks)];
}

function table(names: readonly string[], attacks: Scorecard['attacks']): readonly string[] {
  return [
    '| attack | windows | AUC | TPR at 1 % | TPR at 0.1 % | delay, s | rejected | not accepted |', '|---|---|---|---|---|---|---|---|',
    ...names.map((name) => {
      const row = attacks[name]!;
      if (isMissing(row)) return `| ${name} | 0 | | | | | | ${row.reason} |`;
      const delay = row.delay_s === null ? '' : `${row.delay_s.toFixed(0)} (of ${percent(row.delay_found)})`;
      return `| ${name} | ${row.windows} | ${number(row.auc)} | ${share(row.tpr_at_1pct, row.tpr_at_1pct_interval)} | ${share(row.tpr_at_0_1pct, row.tpr_at_0_1pct_interval)} | ${delay} | ${share(row.shipped_rejected, row.shipped_rejected_interval)} | ${share(row.shipped_not_accepted, row.shipped_not_accepted_interval)} |`;
    }), '',
  ];
}

function unseen({ unseen }: Scorecard): readonly string[] {
  return [
    '## Attacks that were not trained on', '', 'By weights that were trained without the attack and without the drive.', '', '| attack | AUC | TPR at 1 % | TPR at 0.1 % | tuned EKF, TPR at 1 % |', '|---|---|---|---|---|',
    ...Object.entries(unseen).map(([name, row]) => `| ${name} | ${number(row.auc)} | ${row.tpr_at_1pct === null ? row.reason : share(row.tpr_at_1pct, row.tpr_at_1pct_interval)} | ${number(row.tpr_at_0_1pct)} | ${number(row.ekf_tpr_at_1pct)} |`), '',
  ];
}

function honest({ honest }: Scorecard, { honest: drives }: Measured): readonly string[] {
  return [
    '## Honest drives', '', 'Whole drives under the shipped recipe; seconds are driving ones with a fix. False positives at the pooled thresholds.', '',
    '| drive | windows | verdict | tier | seconds | accepted | flagged | rejected | unverified | driven windows | above 1 % | above 0.1 % |', '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...drives.map(({ drive, windows, verdict, tier, seconds }) => {
      const all = Object.values(seconds).reduce((a, b) => a + b, 0);
      const rate = honest.fpr_by_drive[drive];
      return `| ${drive} | ${windows} | ${verdict} | ${tier} | ${all} | ${['accepted', 'flagged', 'rejected', 'unverified'].map((name) => percent(seconds[name as keyof typeof seconds] / Math.max(1, all))).join(' | ')} | ${rate?.windows ?? 0} | ${percent(rate?.at_1pct ?? null)} | ${percent(rate?.at_0_1pct ?? null)} |`;
    }), '',
  ];
}

function devices({ material }: Paper): readonly string[] {
  const own = material.devices.flatMap(({ device, measured }) => deviceLines([...measured.decisions, ...material.real.decisions.filter((decision) => !measured.decisions.some(({ drive }) => drive === decision.drive))], device).map((line) => line.replace('|', '| weights that never saw')));
  return [
    '## Devices', '', 'Each kind of device at the threshold of all the others: its false positives, and the mean of those attacks that could be tried on it.',
    own.length === 0 ? 'Weights that never saw a kind of device are committed for none: a fold\'s weights have not seen the journey, and have seen other journeys of the kind, except for `comma`, of which there is one drive.' : '', '',
    '| device | honest windows | false positives | AUC | TPR at 1 % | attacks |', '|---|---|---|---|---|---|',
    ...deviceLines(material.real.decisions, null), ...own, '',
  ];
}

function deviceLines(decisions: Measured['decisions'], only: string | null): readonly string[] {
  return Object.entries(deviceRows(decisions)).filter(([device]) => only === null || device === only).map(([device, { windows, fpr_at_1pct: fpr, macro, attacks }]) => `| ${device} | ${windows} | ${percent(fpr)} | ${number(macro?.auc ?? null)} | ${number(macro?.tpr_at_1pct ?? null)} | ${attacks} of ${MACRO.length} |`);
}

function methods({ baselines, ablation, macro, attacks }: Scorecard): readonly string[] {
  return [
    '## Baselines and ablation', '',
    'Means over the nine attacks, and each one\'s TPR at 1 %. `thresholds`: highest speed and largest jump. `ekf`: a vehicle filter with gyroscope and the chi-squared test of its innovations over four horizons, tuned on the other folds. `fusion`: a logistic regression on classical scores, fitted on the other folds. Ablations are the judge\'s own values with some of its checks left out.', '',
    `| judge | AUC | TPR at 1 % | TPR at 0.1 % | ${MACRO.join(' | ')} | |`, `|---|---|---|---|${MACRO.map(() => '---|').join('')}---|`,
    methodLine('Wayproof', 'reason' in macro ? macro : { ...macro, attacks: Object.fromEntries(Object.entries(attacks).map(([name, row]) => [name, isMissing(row) ? null : row])) }), ...Object.entries(baselines).map(([name, figures]) => methodLine(name, figures)), ...Object.entries(ablation).map(([name, figures]) => methodLine(name.replaceAll('_', ' '), figures)), '',
  ];
}

function methodLine(name: string, figures: MethodFigures): string {
  const each = 'attacks' in figures ? MACRO.map((attack) => number(figures.attacks[attack]?.tpr_at_1pct ?? null)) : MACRO.map(() => '');
  return `| ${[name, number(figures.auc), share(figures.tpr_at_1pct, intervalOf(figures, 'tpr_at_1pct_interval')), share(figures.tpr_at_0_1pct, intervalOf(figures, 'tpr_at_0_1pct_interval')), ...each, 'reason' in figures ? figures.reason : ''].join(' | ')} |`;
}

function dropouts({ dropouts }: Scorecard): readonly string[] {
  return [
    '## Without a sensor', '', 'All drives as devices without the sensor would have recorded them; thresholds from the same drives without it.', '', '| without | drives that lose it | AUC | TPR at 1 % | TPR at 0.1 % | honest windows rejected |', '|---|---|---|---|---|---|',
    ...Object.entries(dropouts).map(([name, row]) => (isMissing(row) ? `| ${name} | 0 | | ${row.reason} | | |` : `| ${name} | ${row.drives} | ${number(row.auc)} | ${number(row.tpr_at_1pct)} | ${number(row.tpr_at_0_1pct)} | ${row.honest_windows_rejected} |`)), '',
    '![ROC without a sensor](scorecard/roc-dropouts.svg)', '',
  ];
}

function simulatedHonest({ macro, honest }: Scorecard): readonly string[] {
  return [`Mean of nine on simulated drives, at thresholds from simulated honest windows: TPR at 1 % ${number(macro.tpr_at_1pct)}, at 0.1 % ${number(macro.tpr_at_0_1pct)}, AUC ${number(macro.auc)}. Verdicts on the simulated honest drives: ${Object.entries(honest.verdicts).filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`).join(', ')}.`, ''];
}

function lookAlikes({ material: { lookAlikes }, real }: Paper): readonly string[] {
  const odd = lookAlikes.filter(({ verdict }) => verdict !== 'accepted').map(({ drive, verdict, tier }) => `| ${drive} | ${verdict} | ${tier} |`);
  return [
    '## Honest look-alikes, simulated', '',
    `Tunnel, canyon, ferry, train, convoy, bus line, commute, red light and more (\`fixtures/scenarios\`), whole drives under the shipped recipe: ${Object.entries(real.honest.look_alikes).map(([verdict, count]) => `${count} ${verdict}`).join(', ')} of ${lookAlikes.length}.${odd.length === 0 ? '' : ' Those that were not accepted:'}`, '',
    ...(odd.length === 0 ? [] : ['| drive | verdict | tier |', '|---|---|---|', ...odd, '']),
  ];
}

function camera({ attacks }: Scorecard): readonly string[] {
  const names = Object.keys(attacks).filter((name) => name.startsWith('camera/'));
  return names.length === 0 ? [] : ['## The camera without a motion sensor, simulated scenes', '', 'Whole drives with a receiver and pictures of a rendered street, a third of them in fog, at night, looking back or in a jam; thresholds from their own honest windows. `camera/identity` is the control.', '', ...table(names, attacks)];
}

function limits(): readonly string[] {
  return [
    '## What these figures are not', '',
    '- The attacks are ours: a forger who knows this judge can do better.',
    '- Most windows are of one phone model round one city. The rows by device say how little is known of others.',
    '- Windows of one drive are alike: Wilson intervals of single rows are too narrow.',
    '- The real drives hold no pictures: what the camera adds is measured on simulated scenes alone.', '',
  ];
}

function files({ hashes }: Paper): readonly string[] {
  return ['## Files', '', '| file | SHA-256 |', '|---|---|', ...Object.entries(hashes).map(([name, hash]) => `| \`${name}\` | \`${hash}\` |`), ''];
}

function isMissing(row: AttackRow | Mean | NotMeasured): row is NotMeasured {
  return row.auc === null;
}

function intervalOf(figures: object, name: string): Interval | undefined {
  return Reflect.get(figures, name) as Interval | undefined;
}

function share(value: number | null, interval?: Interval): string {
  return interval === undefined ? number(value) : `${number(value)} (${interval[0].toFixed(2)}-${interval[1].toFixed(2)})`;
}

function number(value: number | null): string {
  return value === null ? '' : value.toFixed(3);
}

function percent(value: number | null): string {
  return value === null ? '' : `${(value * 100).toFixed(1)} %`;
}

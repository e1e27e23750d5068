import type { WrittenText } from './attack-writer.ts';
import { ATTACKS, attackOf, type AttackName } from './fixtures/attacks/all.ts';
import type { Attack, AttackOptions } from './fixtures/attacks/attack.ts';
import type { Stretch } from './fixtures/attacks/recording.ts';

/** What a forgery came to. */
export interface Made {
  readonly name: AttackName;
  readonly attack: Attack;
  readonly options: AttackOptions;
  /** Of the drive before. */
  readonly span: Stretch;
  readonly texts: readonly WrittenText[];
  /** Tables that the forged folder has not. */
  readonly removed: readonly string[];
  readonly pictures: { readonly all: number; readonly others: number; readonly remade: number };
  readonly out: string;
}

/** The table of cheats, for people or as JSON. */
export function attackList(isJson: boolean): string {
  const names = Object.keys(ATTACKS) as AttackName[];
  if (isJson) return JSON.stringify(names.map((name) => ({ name, ...attackOf(name), apply: undefined })));
  return names.map((name) => {
    const { row, does, needs, variants, severity } = attackOf(name);
    return [
      `${name}${row === 0 ? '' : `  (row ${row})`}`,
      `  ${does}`,
      ...(row === 0 ? [] : [`  severity  ${severityText(severity.default, severity)} unless told; ${severity.from} to ${severity.to}; ${severity.none} is none`]),
      `  variants  ${variants.join(', ')}`,
      ...(needs.length === 0 ? [] : [`  needs     ${needs.join(', ')}`]),
    ].join('\n');
  }).join('\n');
}

/** What was changed, where, and how many rows, for people or as JSON. */
export function attackReport({ name, attack, options, span, texts, removed, pictures, out }: Made, isJson: boolean): string {
  const { severity, seed, variant } = options;
  const [from, to] = [options.fromS - span.fromS, Math.min(options.toS, span.toS) - span.fromS].map((atS) => Math.round(atS * 10) / 10) as [number, number];
  const tables = texts.flatMap(({ path, rows }) => (rows === null ? [] : [{ path, ...rows }]));
  if (isJson) {
    return JSON.stringify({
      attack: name, row: attack.row, variant, severity, unit: attack.severity.unit, seed, from_s: options.fromS, to_s: Math.min(options.toS, span.toS),
      rows: tables, removed, pictures, out,
    });
  }
  return [
    `${name}${(attack.variants.length > 1 && ` (${variant})`) || ''}: ${attack.does}`,
    ...(attack.row === 0 ? [] : [`  severity  ${severityText(severity, attack.severity)}, seed ${seed}`, `  stretch   ${from} s to ${to} s of ${Math.round((span.toS - span.fromS) * 10) / 10} s`]),
    ...tables.map(({ path, changed, all }) => `  ${path.padEnd(13)} ${changed === 0 ? 'as it was' : `${changed} of ${all} rows are others`}`),
    ...removed.map((path) => `  ${path.padEnd(13)} left out`),
    ...(pictures.all === 0 ? [] : [`  pictures      ${pictures.all}: ${pictures.others} show others, ${pictures.remade} are made anew`]),
    `  written to    ${out}`,
  ].join('\n');
}

function severityText(value: number, { name, unit }: Attack['severity']): string {
  return unit === 'share' ? `${name} ${value}` : `${name} ${value} ${unit}`;
}

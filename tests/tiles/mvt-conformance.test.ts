import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mvtProblems } from './mvt-validator.ts';

const data = process.env['WAYPROOF_DATA'];
const folder = data === undefined ? '' : join(data, 'conformance/mvt/fixtures');
const absent = !existsSync(folder);
if (absent) console.warn('mvt-fixtures skipped: WAYPROOF_DATA names no folder with conformance/mvt/fixtures');

/**
 * Listed as valid against the specification and against other fixtures: 016 is byte for byte 003, a feature without a
 * type, listed as invalid; 057 announces 536,870,911 points and gives one, as 052 and 058 do, listed as invalid.
 */
const CONTRADICTED: readonly string[] = ['016', '057'];

describe.skipIf(absent)('mapbox/mvt-fixtures: the validator that judges our tiles', () => {
  const cases = absent ? [] : readdirSync(folder).map((name) => {
    const { validity, description } = JSON.parse(readFileSync(join(folder, name, 'info.json'), 'utf8'));
    return { name, valid: validity.v2 as boolean, description: String(description).slice(0, 60) };
  });

  test('46 are valid and 28 are not', () => {
    expect([cases.filter(({ valid }) => valid).length, cases.filter(({ valid }) => !valid).length]).toEqual([46, 28]);
  });

  test('016 has the bytes of the invalid 003', () => {
    expect(readFileSync(join(folder, '016/tile.mvt')).equals(readFileSync(join(folder, '003/tile.mvt')))).toBe(true);
  });

  test.each(cases)('$name is valid: $valid ($description)', ({ name, valid }) => {
    const problems = mvtProblems(readFileSync(join(folder, name, 'tile.mvt')));
    expect([problems.length === 0, problems]).toEqual([valid && !CONTRADICTED.includes(name), problems]);
  });
});

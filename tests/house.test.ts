import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../shared/io/config.ts';

/** The law of design.md, "The house": who may import whom, one door a package, no cycles, every folder named. */
const ROOT = join(import.meta.dirname, '..');
const SOURCES = git('ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts', '*.tsx').filter((file) => existsSync(join(ROOT, file)));

type Room = 'shared/model' | 'shared/io' | 'ingest' | 'validate' | 'tiles' | 'viewer' | 'fixtures' | 'tests' | 'main';

const MAY_IMPORT: Readonly<Record<Room, readonly Room[]>> = {
  'shared/model': [],
  'shared/io': ['shared/model'],
  ingest: ['shared/model', 'shared/io'],
  validate: ['shared/model', 'shared/io'],
  tiles: ['shared/model', 'shared/io'],
  viewer: ['shared/model', 'validate'],
  fixtures: ['shared/model'],
  tests: ['shared/model', 'shared/io', 'ingest', 'validate', 'tiles', 'viewer', 'fixtures', 'main'],
  main: ['shared/model', 'shared/io', 'ingest', 'validate', 'tiles', 'viewer', 'fixtures'],
};

/** The only files that may import a heavy package (its subpaths included). Tests may use what they need. */
const DOORS: Readonly<Record<string, string>> = {
  pg: 'shared/io/db.ts',
  'pg-boss': 'shared/io/queue.ts',
  fastify: 'shared/io/http.ts',
  pino: 'shared/io/log.ts',
  '@aws-sdk/client-s3': 'shared/io/s3-objects.ts',
  '@aws-sdk/s3-request-presigner': 'shared/io/s3-objects.ts',
  'onnxruntime-node': 'validate/onnx.ts',
  sax: 'ingest/importers/gpx.ts',
  sharp: 'ingest/image.ts',
  exifr: 'ingest/exif.ts',
  'h3-js': 'shared/model/cell.ts',
  '@turf/turf': 'shared/model/geo.ts',
  'maplibre-gl': 'viewer/map.ts',
  uplot: 'viewer/plot.ts',
};

/** What the browser may share of Validate: pure steps, without a door among them. */
const PURE_VALIDATE = /^validate\/(sketch|judge|explain|windows|tier|stretches|calibration|checks\/[a-z-]+)\.ts$/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

const IMPORTS: readonly Import[] = SOURCES.flatMap(importsOf);
const LOCAL = IMPORTS.filter(({ to }) => to.startsWith('.')).map((one) => ({ ...one, to: normalize(join(dirname(one.from), one.to.replace(/\?.*$/, ''))) }));

describe('the house', () => {
  test('reads its own imports', () => {
    expect(SOURCES.length).toBeGreaterThan(50);
    expect(LOCAL.length).toBeGreaterThan(100);
  });

  test('every file stands in a room', () => {
    expect(SOURCES.filter((file) => roomOf(file) === null)).toEqual([]);
  });

  test('imports go along the arrows', () => {
    const wrong = LOCAL.filter(({ from, to }) => {
      const [here, there] = [roomOf(from)!, roomOf(to)];
      if (there === null) return !to.endsWith('.json') && !to.startsWith('node_modules/');
      if (here === there) return false;
      if (here === 'viewer' && there === 'validate') return !PURE_VALIDATE.test(to);
      return !MAY_IMPORT[here].includes(there);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('a heavy package has one door', () => {
    const wrong = IMPORTS.filter(({ from, to, typeOnly }) => {
      const door = DOORS[packageOf(to)];
      return door !== undefined && door !== from && !typeOnly && roomOf(from) !== 'tests';
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('files do not import one another in circles', () => {
    expect(cycles(LOCAL.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });

  test('what the browser may share of Validate opens no door', () => {
    const wrong = IMPORTS.filter(({ from, to, typeOnly }) => PURE_VALIDATE.test(from) && !typeOnly && (to.startsWith('node:') || to.includes('shared/io')));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('the nouns are pure', () => {
    const wrong = IMPORTS.filter(({ from, to }) => roomOf(from) === 'shared/model' && to.startsWith('node:'));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('no file is a barrel, a god or a drawer for odds and ends', () => {
    const names = SOURCES.filter((file) => /(^|\/)(index|utils?|helpers?|common|misc|lib|managers?)(\.[a-z]+)*\.tsx?$/.test(file) || /(^|\/)(utils?|helpers?|common|misc|lib)\//.test(file));
    const barrels = SOURCES.filter((file) => /^export \* from/m.test(read(file)));
    const long = SOURCES.filter((file) => read(file).split('\n').length > 300);
    expect({ names, barrels, long }).toEqual({ names: [], barrels: [], long: [] });
  });

  test('time and chance come in through shared/io', () => {
    const wrong = SOURCES.filter((file) => ['shared/model', 'ingest', 'validate', 'tiles', 'fixtures'].includes(roomOf(file)!)).filter((file) => /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/.test(read(file)));
    expect(wrong).toEqual([]);
  });
});

describe('the papers', () => {
  test('ARCHITECTURE.md names every folder, and no folder that is not there', () => {
    const folders = [...new Set(SOURCES.map((file) => dirname(file)).filter((folder) => folder !== '.'))].toSorted();
    const text = read('ARCHITECTURE.md');
    const named = [...text.matchAll(/^\| `([a-z0-9/_-]+)\/` \|/gm)].map((match) => match[1]!).toSorted();
    expect(named).toEqual(folders.toSorted());
  });

  test('files and folders that the papers link to exist', () => {
    const dead = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((paper) =>
      [...read(paper).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!).filter((target) => !existsSync(join(ROOT, target))).map((target) => `${paper}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  test('README and .env.example list every setting with its default', () => {
    const readme = read('README.md');
    const example = read('.env.example');
    for (const [name, { fallback }] of Object.entries(SETTINGS)) {
      expect(readme, name).toMatch(new RegExp(`^\\| \`${name}\` \\| ${fallback === '' ? '' : `\`${fallback.replaceAll('.', '\\.')}\``} ?\\|`, 'm'));
      expect(example, name).toMatch(new RegExp(`^# ?${name}=${fallback}$`, 'm'));
    }
    expect([...readme.matchAll(/^\| `([A-Z_0-9]+)` \|/gm)].map((match) => match[1]).filter((name) => name === undefined || !Object.hasOwn(SETTINGS, name))).toEqual([]);
  });
});

function importsOf(from: string): readonly Import[] {
  return read(from).split('\n').flatMap((text, index) => {
    // Also the last line of an import over several lines, dynamic imports, and workers.
    const match =
      /(?:^(?:import|export)\s[^'"=(]*\bfrom\s*|^\}\s*from\s*|\bimport\()['"]([^'"]+)['"]/.exec(text) ?? /^import ['"]([^'"]+)['"]/.exec(text) ?? /new URL\(['"](\.[^'"]+\.ts)['"]/.exec(text);
    return match === null ? [] : [{ from, to: match[1]!, line: index + 1, typeOnly: /^(import|export) type /.test(text) }];
  });
}

function roomOf(file: string): Room | null {
  if (!file.includes('/')) return 'main';
  const found = /^(shared\/model|shared\/io|ingest|validate|tiles|viewer|fixtures|tests)\//.exec(file)?.[1];
  return (found as Room | undefined) ?? null;
}

function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function cycles(imports: readonly Import[]): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      found.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const to of next.get(file) ?? []) walk(to, [...trail, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return found;
}

function shown({ from, to, line }: Import): string {
  return `${from}:${line} imports ${to}`;
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function git(...words: readonly string[]): readonly string[] {
  return execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter((line) => line !== '');
}

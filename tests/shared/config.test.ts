import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, SETTINGS } from '../../shared/io/config.ts';

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

test('an empty environment gives every setting its default', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    host: '127.0.0.1', port: 8787, publicUrl: null, localUrl: 'http://localhost:8787', databaseUrl: null, databaseConnections: 10, stateDir: null,
    privacy: 'blur', basemapStyleUrl: null, demo: true, logLevel: 'warn', networkName: 'Wayproof',
    maxFileBytes: 64_000_000, maxPixels: 120_000_000, maxFilesPerDrive: 20_000,
  });
  expect(config.home).toBe(resolve('.wayproof'));
  expect(config.workers).toBeGreaterThanOrEqual(1);
});

test('a variable that is set to nothing is not set', () => {
  expect(readConfig({ PORT: '', DEMO: ' ', DATABASE_URL: '' })).toEqual(readConfig({}));
});

test('every mistake is named at once', () => {
  const mistakes = mistakesOf({
    PORT: '70000', DATABASE_URL: 'mysql://x', PUBLIC_URL: 'localhost', DATABASE_CONNECTIONS: '1', PRIVACY: 'none', DEMO: 'perhaps',
    LOG_LEVEL: 'loud', MAX_FILE_MB: '0.5', MAX_MEGAPIXELS: 'many', MAX_FILES: '-1', WORKERS: '0', BASEMAP_STYLE_URL: 'ftp://style',
  });
  const named = mistakes.map((mistake) => mistake.split(' ')[0]);
  expect(named.toSorted()).toEqual([
    'BASEMAP_STYLE_URL', 'DATABASE_CONNECTIONS', 'DATABASE_URL', 'DEMO', 'LOG_LEVEL', 'MAX_FILES', 'MAX_FILE_MB', 'MAX_MEGAPIXELS', 'PORT', 'PRIVACY', 'PUBLIC_URL', 'WORKERS',
  ]);
  expect(() => readConfig({ PORT: 'x', DEMO: 'x' })).toThrow(/2 mistakes:\n {2}- PORT.*\n {2}- DEMO/);
});

const S3 = { S3_BUCKET: 'map', S3_ENDPOINT: 'https://s3.example', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'hunter2' };

test('an S3 store is given whole, with its region and style', () => {
  expect(readConfig({}).s3).toBeNull();
  expect(readConfig(S3).s3).toEqual({ bucket: 'map', endpoint: 'https://s3.example', accessKeyId: 'id', secretAccessKey: 'hunter2', region: 'us-east-1', forcePathStyle: true });
  expect(readConfig({ ...S3, S3_REGION: 'eu-1', S3_FORCE_PATH_STYLE: 'no' }).s3).toMatchObject({ region: 'eu-1', forcePathStyle: false });
});

test.each(Object.keys(S3))('an S3 store without %s is a mistake that repeats no secret', (name) => {
  const mistakes = mistakesOf({ ...S3, [name]: '' });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(new RegExp(`^${name} is missing, while `));
  expect(mistakes[0]).not.toContain('hunter2');
});

test('every missing part of an S3 store is named', () => {
  expect(mistakesOf({ S3_BUCKET: 'map' }).map((mistake) => mistake.split(' ')[0])).toEqual(['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);
  expect(mistakesOf({ ...S3, S3_ENDPOINT: 's3.example' })).toEqual(['S3_ENDPOINT is no address that begins with http:// or https://']);
});

test('a mistake says what would be right, and repeats no secret', () => {
  expect(mistakesOf({ PORT: 'eighty' })).toEqual(['PORT is "eighty"; it must be a whole number from 0 to 65535']);
  expect(mistakesOf({ PRIVACY: 'off' })).toEqual(['PRIVACY is "off"; it must be one of blur, publish-unblurred']);
  const [mistake] = mistakesOf({ DATABASE_URL: 'postgress://user:hunter2@db/name' });
  expect(mistake).toMatch(/^DATABASE_URL is no address that begins with postgres:/);
  expect(mistake).not.toContain('hunter2');
});

test.each([
  [{ HOST: '0.0.0.0', PORT: '80' }, 'http://localhost:80'],
  [{ HOST: '192.168.1.5' }, 'http://192.168.1.5:8787'],
  [{ HOST: '::1' }, 'http://localhost:8787'],
  [{ HOST: 'fd00::5' }, 'http://[fd00::5]:8787'],
])('an address to listen on is one to visit: %j', (environment: Record<string, string>, url) => {
  expect(readConfig(environment).localUrl).toBe(url);
  expect(URL.canParse(url)).toBe(true);
});

test('a public address loses its last slash', () => {
  expect(readConfig({ PUBLIC_URL: 'https://map.example/' }).publicUrl).toBe('https://map.example');
});

test('megabytes and megapixels are decimal', () => {
  expect(readConfig({ MAX_FILE_MB: '2', MAX_MEGAPIXELS: '3', WORKERS: '5' })).toMatchObject({ maxFileBytes: 2_000_000, maxPixels: 3_000_000, workers: 5 });
});

test('every setting has a meaning, and every default of its own is accepted', () => {
  for (const [name, { fallback, meaning }] of Object.entries(SETTINGS)) {
    expect(meaning, name).toMatch(/\.$/);
    expect(mistakesOf({ [name]: fallback }), name).toEqual([]);
  }
});

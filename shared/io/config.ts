import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { S3Settings } from './s3-objects.ts';

/** What the environment says, checked once at start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where browsers reach this instance; null: as they ask for it. */
  readonly publicUrl: string | null;
  /** Where this machine reaches it. */
  readonly localUrl: string;
  /** Null: the embedded Postgres. */
  readonly databaseUrl: string | null;
  readonly databaseConnections: number;
  /** Where the embedded database, the objects and the instance's token lie. */
  readonly home: string;
  /** Null: objects are files below `home`. */
  readonly s3: S3Settings | null;
  /** Where the embedded database goes when its OS user cannot reach `home`. */
  readonly stateDir: string | null;
  readonly privacy: 'blur' | 'publish-unblurred';
  readonly basemapStyleUrl: string | null;
  readonly demo: boolean;
  readonly logLevel: string;
  readonly networkName: string;
  readonly maxFileBytes: number;
  readonly maxPixels: number;
  readonly maxFilesPerDrive: number;
  readonly workers: number;
  /** What the net runs on; `auto`: the first of cuda, webgpu and cpu that the machine has. */
  readonly executionProvider: 'auto' | 'cpu' | 'webgpu' | 'cuda';
}

/** Every setting with its default and meaning; README's table and `.env.example` are held to it by a test. */
export const SETTINGS = {
  PORT: { fallback: '8787', meaning: 'Port of the web server.' },
  HOST: { fallback: '127.0.0.1', meaning: 'Address to listen on; 0.0.0.0 opens it to the network.' },
  PUBLIC_URL: { fallback: '', meaning: 'Where browsers reach this instance, if not http://HOST:PORT.' },
  DATABASE_URL: { fallback: '', meaning: 'PostgreSQL 15 or later, postgres://user:password@host:5432/name. Empty: the embedded one.' },
  DATABASE_CONNECTIONS: { fallback: '10', meaning: 'Connections a process holds to the database, at most.' },
  WAYPROOF_HOME: { fallback: '.wayproof', meaning: 'Folder of the embedded database, the objects and your local token.' },
  WAYPROOF_STATE: { fallback: '', meaning: 'Where the embedded database goes when its OS user cannot reach WAYPROOF_HOME. Empty: /var/lib/wayproof/<hash>.' },
  S3_BUCKET: { fallback: '', meaning: 'Bucket that holds the objects. Empty: files in WAYPROOF_HOME.' },
  S3_ENDPOINT: { fallback: '', meaning: 'Address of the S3 store, such as https://s3.eu-central-1.amazonaws.com.' },
  S3_REGION: { fallback: 'us-east-1', meaning: 'Region of the bucket.' },
  S3_ACCESS_KEY_ID: { fallback: '', meaning: 'Key that may read, write, list and delete in the bucket.' },
  S3_SECRET_ACCESS_KEY: { fallback: '', meaning: 'Its secret.' },
  S3_FORCE_PATH_STYLE: { fallback: 'yes', meaning: '`no`: the store wants https://BUCKET.host instead of https://host/BUCKET.' },
  PRIVACY: { fallback: 'blur', meaning: '`blur`: pictures stay private until faces and plates are blurred. `publish-unblurred`: you answer for publishing them as they are.' },
  BASEMAP_STYLE_URL: { fallback: '', meaning: 'A MapLibre style to draw under the cells. Empty: the offline countries map.' },
  DEMO: { fallback: 'yes', meaning: '`no` leaves the demo drives out (they exist on the embedded database only).' },
  NETWORK_NAME: { fallback: 'Wayproof', meaning: 'The name of your network, in page titles.' },
  LOG_LEVEL: { fallback: 'warn', meaning: 'trace, debug, info, warn, error or silent; JSON lines on standard error.' },
  MAX_FILE_MB: { fallback: '64', meaning: 'Largest file that may be uploaded, in MB (10^6 bytes).' },
  MAX_MEGAPIXELS: { fallback: '120', meaning: 'Largest picture that is decoded, in megapixels.' },
  MAX_FILES: { fallback: '20000', meaning: 'Most files in one drive.' },
  WORKERS: { fallback: '', meaning: 'Pictures in work at once. Empty: one a processor.' },
  EXECUTION_PROVIDER: { fallback: 'auto', meaning: 'What the net runs on: cpu, webgpu, cuda, or `auto` for the first of cuda, webgpu and cpu that the machine has.' },
} as const satisfies Record<string, { fallback: string; meaning: string }>;

export type Setting = keyof typeof SETTINGS;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment cannot be used; the message names every mistake at once. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`the configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

export function readConfig(environment: Environment): Config {
  const reader = settingReader(environment);
  const { text, whole, oneOf, url } = reader;
  const host = text('HOST');
  const port = whole('PORT', 0, 65_535);
  const config: Config = {
    host,
    port,
    publicUrl: url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/$/, '') ?? null,
    localUrl: `http://${nameInUrl(host)}:${port}`,
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databaseConnections: whole('DATABASE_CONNECTIONS', 2, 500),
    home: resolve(text('WAYPROOF_HOME')),
    s3: s3Settings(reader),
    stateDir: text('WAYPROOF_STATE') === '' ? null : resolve(text('WAYPROOF_STATE')),
    privacy: oneOf('PRIVACY', ['blur', 'publish-unblurred']),
    basemapStyleUrl: url('BASEMAP_STYLE_URL', ['http:', 'https:']),
    demo: oneOf('DEMO', ['yes', 'no']) === 'yes',
    logLevel: oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    networkName: text('NETWORK_NAME'),
    maxFileBytes: whole('MAX_FILE_MB', 1, 100_000) * 1_000_000,
    maxPixels: whole('MAX_MEGAPIXELS', 1, 1000) * 1_000_000,
    maxFilesPerDrive: whole('MAX_FILES', 1, 1_000_000),
    workers: text('WORKERS') === '' ? availableParallelism() : whole('WORKERS', 1, 256),
    executionProvider: oneOf('EXECUTION_PROVIDER', ['auto', 'cpu', 'webgpu', 'cuda']),
  };
  if (reader.mistakes.length > 0) throw new ConfigError(reader.mistakes);
  return config;
}

/** An address to listen on as part of one to visit. */
function nameInUrl(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** All of it or nothing: half an S3 is a mistake, not a reason to keep objects in files. */
function s3Settings({ text, url, oneOf, mistakes }: SettingReader): S3Settings | null {
  const endpoint = url('S3_ENDPOINT', ['http:', 'https:']);
  const forcePathStyle = oneOf('S3_FORCE_PATH_STYLE', ['yes', 'no']) === 'yes';
  const wanted = ['S3_BUCKET', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  const missing = wanted.filter((name) => text(name) === '');
  if (missing.length === wanted.length) return null;
  const given = wanted.filter((name) => text(name) !== '');
  mistakes.push(...missing.map((name) => `${name} is missing, while ${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set: an S3 store needs all of ${wanted.join(', ')}`));
  if (endpoint === null || missing.length > 0) return null;
  return {
    endpoint, forcePathStyle, bucket: text('S3_BUCKET'), region: text('S3_REGION'),
    accessKeyId: text('S3_ACCESS_KEY_ID'), secretAccessKey: text('S3_SECRET_ACCESS_KEY'),
  };
}

type SettingReader = ReturnType<typeof settingReader>;

function settingReader(environment: Environment) {
  const mistakes: string[] = [];
  // An empty variable is one that was not set: `PORT= npm start` means the default.
  const text = (name: Setting): string => environment[name]?.trim() || SETTINGS[name].fallback;
  return {
    mistakes,
    text,
    whole: (name: Setting, least: number, most: number): number => {
      const value = Number(text(name));
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      mistakes.push(`${name} is "${text(name)}"; it must be a whole number from ${least} to ${most}`);
      return least;
    },
    oneOf: <Choice extends string>(name: Setting, choices: readonly [Choice, ...Choice[]]): Choice => {
      const found = choices.find((choice) => choice === text(name));
      if (found === undefined) mistakes.push(`${name} is "${text(name)}"; it must be one of ${choices.join(', ')}`);
      return found ?? choices[0];
    },
    url: (name: Setting, protocols: readonly string[]): string | null => {
      const value = text(name);
      if (value === '') return null;
      const parsed = URL.canParse(value) ? new URL(value) : null;
      if (parsed !== null && protocols.includes(parsed.protocol)) return value;
      // The value may hold a password: it is not repeated.
      mistakes.push(`${name} is no address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
      return null;
    },
  };
}

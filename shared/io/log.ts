import { pino, type Logger } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** A file to write to instead of standard error. */
  readonly file?: string;
}

/** JSON lines on standard error, so that standard output stays for people; tokens never reach it. */
export function openLog({ level, file }: LogOptions): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['req.headers.authorization', 'headers.authorization', '*.token'] },
    pino.destination({ dest: file ?? 2, sync: true }),
  );
}

// eslint-disable-next-line no-control-regex
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * JSON text for a jsonb column. PostgreSQL takes every string but NUL and half a surrogate pair, and both occur in files
 * from outside: they become U+FFFD, or the job that writes them could never end.
 */
export function jsonColumn(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.replaceAll(UNSTORABLE, '\ufffd') : inner));
}

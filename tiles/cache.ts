/** Keeps what was used last, up to a number of bytes. */
export interface Cache<Value> {
  get(key: string): Value | undefined;
  put(key: string, value: Value, bytes: number): void;
  readonly bytes: number;
}

export function openCache<Value>(mostBytes: number): Cache<Value> {
  // A Map iterates in the order of insertion: the first key is the one used longest ago.
  const entries = new Map<string, { value: Value; bytes: number }>();
  let held = 0;
  const drop = (key: string): void => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    put: (key, value, bytes) => {
      drop(key);
      if (bytes > mostBytes) return;
      entries.set(key, { value, bytes });
      held += bytes;
      for (const oldest of entries.keys()) {
        if (held <= mostBytes) break;
        drop(oldest);
      }
    },
    get bytes() {
      return held;
    },
  };
}

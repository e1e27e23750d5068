import HashWorker from './hash-worker.ts?worker';

/** Makes SHA-256 of files, one at a time, in a thread of its own. */
export interface Hasher {
  readonly sha256: (file: File) => Promise<Uint8Array | null>;
  readonly close: () => void;
}

/** Starts the thread. */
export function openHasher(): Hasher {
  const worker = new HashWorker();
  return {
    sha256: (file) => new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | null>) => resolve(data === null ? null : new Uint8Array(data)), { once: true });
      worker.addEventListener('error', () => reject(new Error('the thread that hashes files could not be started')), { once: true });
      worker.postMessage(file);
    }),
    close: () => worker.terminate(),
  };
}

/** As manifests write it. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** As RFC 9530 writes it. */
export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
}

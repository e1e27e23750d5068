import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8787';

/** How Vite builds and serves the web app; `viewer/build.ts` uses the same. */
const config: UserConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Inlined assets would need `data:` in more directives of the content security policy than pictures do.
  build: {
    outDir: fileURLToPath(new URL('../dist/viewer', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': SERVER, '/tiles': SERVER, '/tiles.json': SERVER, '/demo': SERVER } },
};

export default config;

import type { Say } from './instance.ts';
import { codeOf } from './shared/io/db.ts';
import { type Config, SETTINGS } from './shared/io/config.ts';
import type { Http } from './shared/io/http.ts';

const TRIES = 20;

/**
 * Listens and gives the address. Where the default port is taken the next free one is used and said; a port that was
 * asked for is never replaced silently.
 */
export async function listen(http: Http, config: Config, say: Say): Promise<string> {
  const isDefault = String(config.port) === SETTINGS.PORT.fallback && !process.env['PORT'];
  for (let port = config.port; ; port += 1) {
    try {
      await http.listen({ host: config.host, port });
      const address = http.server.address();
      const used = typeof address === 'object' && address !== null ? address.port : port;
      if (used !== config.port && config.port !== 0) say('port', `${config.port} is in use by another program; this is on ${used}`);
      return used === config.port ? (config.publicUrl ?? config.localUrl) : `http://localhost:${used}`;
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
      if (!isDefault || port - config.port >= TRIES) {
        throw new Error(`port ${port} on ${config.host} is in use by another program; set PORT to a free one`, { cause: error });
      }
    }
  }
}

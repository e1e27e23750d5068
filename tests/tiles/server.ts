import type { Account } from '../../shared/io/accounts.ts';
import { systemClock } from '../../shared/io/clock.ts';
import type { Db } from '../../shared/io/db.ts';
import { type Http, openHttp } from '../../shared/io/http.ts';
import { openLog } from '../../shared/io/log.ts';
import type { Objects } from '../../shared/io/objects.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Role } from '../../shared/model/role.ts';
import type { Privacy } from '../../tiles/api/publication.ts';
import { tilesRoutes } from '../../tiles/routes.ts';
import { uuidOf } from './world.ts';

/** A server with the map's routes; the token `anna` is anna, a contributor, and `vera:validator` vera with that role. */
export async function mapServer(db: Db, options: { privacy?: Privacy; publicUrl?: string | null } = {}): Promise<Http> {
  const http = await openHttp({
    log: openLog({ level: 'silent' }),
    version: 'test',
    bodyLimitBytes: 1000,
    authenticate: async (token): Promise<Account> => {
      const [name, role] = token.split(':');
      return { id: uuidOf(name!) as AccountId, name: name!, roles: [(role ?? 'contributor') as Role] };
    },
  });
  tilesRoutes(http, {
    db,
    objects: picturesInMemory(),
    clock: systemClock,
    networkName: 'Test <net>',
    privacy: options.privacy ?? 'blur',
    publicUrl: options.publicUrl ?? null,
    tileCacheBytes: 1_000_000,
  });
  await http.ready();
  return http;
}

/** Every object is there; its bytes are its name. */
function picturesInMemory(): Objects {
  return {
    get: async ({ prefix, sha256 }) => Buffer.from(`${prefix}/${sha256}`),
    putIfAbsent: unused, head: unused, list: unused, delete: unused, signedUrl: unused, close: async () => {},
  };
}

function unused(): never {
  throw new Error('the map only reads');
}

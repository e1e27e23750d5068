import type { FastifyReply } from 'fastify';
import type { Db } from '../../shared/io/db.ts';
import type { Http } from '../../shared/io/http.ts';
import type { Objects } from '../../shared/io/objects.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { Account } from '../../shared/io/accounts.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { FrameParams } from './frames.ts';
import { isInsider, isPicturePublic, type Privacy, refuseUnseen } from './publication.ts';
import { findFrame, type FrameRow } from './store.ts';

export interface PictureDoors {
  readonly db: Db;
  readonly objects: Objects;
  readonly privacy: Privacy;
}

const FOREVER = 'public, max-age=31536000, immutable';
/** Nothing between the server and its owner may keep what the public must not see. */
const FOR_ONE = 'private, no-store';

/** The copies made of a frame's picture, at most 2048 and 500 pixels wide, without metadata. */
export function pictureRoutes(http: Http, doors: PictureDoors): void {
  const options = { config: { access: 'public' }, schema: { params: FrameParams } } as const;
  http.get('/api/frames/:id/picture.jpg', options, async (request, reply) => {
    void reply.header('cache-control', FOR_ONE).header('vary', 'authorization');
    const frame = await seenFrame(doors, request.params.id, request.account);
    return send(doors, reply, { frame, sha256: frame.pictureSha256, known: request.headers['if-none-match'] });
  });
  http.get('/api/frames/:id/thumb.jpg', options, async (request, reply) => {
    void reply.header('cache-control', FOR_ONE).header('vary', 'authorization');
    const frame = await seenFrame(doors, request.params.id, request.account);
    return send(doors, reply, { frame, sha256: frame.thumbSha256, known: request.headers['if-none-match'] });
  });
}

/** The frame whose picture this account may see; 202 for one that is on the map and not blurred yet. */
async function seenFrame({ db, privacy }: PictureDoors, id: string, account: Account | null): Promise<FrameRow> {
  const frame = await findFrame(db, id, account?.id ?? null);
  refuseUnseen(frame, account);
  if (!isPicturePublic(frame, privacy) && !isInsider(frame, account)) {
    throw new Problem({
      status: 202,
      type: 'not_blurred',
      title: 'Not published yet',
      detail: 'Faces and plates in this picture have not been blurred; until then only its contributor and reviewers see it.',
    });
  }
  return frame;
}

interface Wanted {
  readonly frame: FrameRow;
  readonly sha256: string | null;
  readonly known: string | undefined;
}

async function send({ objects, privacy }: PictureDoors, reply: FastifyReply, { frame, sha256, known }: Wanted): Promise<FastifyReply> {
  if (sha256 === null) throw new Problem({ status: 404, type: 'picture_missing', title: 'There is no picture of this frame' });
  if (isPicturePublic(frame, privacy)) void reply.header('cache-control', FOREVER);
  void reply.header('etag', `"${sha256}"`);
  if (known === `"${sha256}"`) return reply.code(304).send();
  const bytes = await objects.get({ prefix: 'derived', sha256: sha256 as Sha256 });
  if (bytes === null) throw new Error(`the store has lost picture ${sha256} of frame ${frame.id}`);
  return reply.type('image/jpeg').send(bytes);
}

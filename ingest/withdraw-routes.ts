import { Type } from 'typebox';
import type { Http } from '../shared/io/http.ts';
import { Problem } from '../shared/io/problem.ts';
import { parseSha256 } from '../shared/model/ids.ts';
import { ownDrive } from './own-drive.ts';
import { withdraw, type WithdrawDoors } from './withdraw.ts';

const CONTRIBUTOR = { access: ['contributor'] } as const;

/** Taking back what one has sent: a frame, or a whole drive. */
export function withdrawRoutes(http: Http, doors: WithdrawDoors): void {
  http.delete('/api/drives/:id/frames/:frame', {
    config: CONTRIBUTOR,
    schema: { summary: 'Withdraw a frame of yours', params: Type.Object({ id: Type.String(), frame: Type.String() }), response: { 204: Type.Null() } },
  }, async ({ account, params }, reply) => {
    const drive = await ownDrive(doors.db, account!, params.id);
    const frame = parseSha256(params.frame);
    if (frame === null) throw new Problem({ status: 404, type: 'frame_unknown', title: 'No such frame', detail: 'A frame is named by 64 hex digits.' });
    await withdraw(doors, { drive: drive.id, frame, owner: drive.accountId });
    return await reply.code(204).send(null);
  });
  http.delete('/api/drives/:id', {
    config: CONTRIBUTOR,
    schema: { summary: 'Withdraw a drive of yours, every frame of it', params: Type.Object({ id: Type.String() }), response: { 204: Type.Null() } },
  }, async ({ account, params }, reply) => {
    const drive = await ownDrive(doors.db, account!, params.id);
    await withdraw(doors, { drive: drive.id, frame: null, owner: drive.accountId });
    return await reply.code(204).send(null);
  });
}

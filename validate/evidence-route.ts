import { Type } from 'typebox';
import type { Db } from '../shared/io/db.ts';
import type { Http } from '../shared/io/http.ts';
import type { Objects } from '../shared/io/objects.ts';
import { Problem } from '../shared/io/problem.ts';
import type { Evidence } from '../shared/model/evidence.ts';
import type { DriveId } from '../shared/model/ids.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import { VERDICTS } from '../shared/model/verdict.ts';
import { readDocument } from './document.ts';
import { evidenceOf, withPublicPlaces } from './evidence.ts';
import { readableDrive } from './readable-drive.ts';
import { parseJudgement } from './receipt.ts';
import { placedMoments } from './store.ts';

export interface EvidenceDoors {
  readonly db: Db;
  readonly objects: Objects;
  readonly recipe: Recipe;
}

const Numbers = Type.Array(Type.Union([Type.Number(), Type.Null()]));

/** Sent as text that is made once: a serialiser that looks at 100,000 numbers one by one is slow. */
export const EvidenceAnswer = Type.Object({
  tS: Type.Array(Type.Number(), { description: 'Unix seconds; 1 Hz, or every n-th second of a long drive' }),
  gnssSpeedMps: Numbers,
  reportedSpeedMps: Numbers,
  imuSpeedMps: Type.Null({ description: 'Not derivable without a filter' }),
  gnssCourseDeg: Numbers,
  imuCourseDeg: Numbers,
  vibrationMps2: Numbers,
  latDeg: Numbers,
  lonDeg: Numbers,
  limits: Type.Object({ speedMps: Type.Number(), movingMps: Type.Number(), vibrationMps2: Type.Union([Type.Number(), Type.Null()]) }),
  windows: Type.Array(Type.Object({ fromS: Type.Number(), toS: Type.Number(), verdict: Type.Enum([...VERDICTS]), reasons: Type.Array(Type.String()) })),
});

/** What the checks saw, second by second, for the plots of a drive's page. */
export function evidenceRoute(http: Http, doors: EvidenceDoors): void {
  http.get('/api/drives/:id/evidence', {
    config: { access: 'public' },
    schema: { summary: 'Speed, course and vibration at 1 Hz', tags: ['validate'], params: Type.Object({ id: Type.String() }), response: { 200: EvidenceAnswer } },
  }, async ({ params, account }, reply) => {
    const drive = await readableDrive(doors.db, params.id, account);
    if (drive.judgement === null) {
      throw new Problem({ status: 404, type: 'drive_not_judged', title: 'This drive has no verdict yet', detail: 'It is still being processed; ask again in a moment.' });
    }
    const evidence = await storedEvidence(doors, drive.id, drive.judgement);
    const isOwn = drive.demo || drive.owner === account?.id;
    const shown = isOwn ? evidence : withPublicPlaces(evidence, await placedMoments(doors.db, drive.id), doors.recipe.ingest.splitTimeS);
    return reply.header('cache-control', 'private, no-store').type('application/json; charset=utf-8').serializer(String).send(printEvidence(shown) as never);
  });
}

/** The evidence of a judged drive, from its document. */
export async function storedEvidence(doors: EvidenceDoors, drive: DriveId, judgement: string): Promise<Evidence> {
  return evidenceOf(await readDocument(doors, drive), parseJudgement(judgement).windows, doors.recipe.validate);
}

/** As `EvidenceAnswer` says. */
export function printEvidence({ tS, gnssSpeedMps, reportedSpeedMps, ...rest }: Evidence): string {
  return JSON.stringify({ tS, gnssSpeedMps, reportedSpeedMps, imuSpeedMps: null, ...rest });
}

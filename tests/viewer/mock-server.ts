import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import staticFiles from '@fastify/static';
import { demoNetwork } from '../../fixtures/demo.ts';
import { roadsGeoJson } from '../../fixtures/roads.ts';
import { parseCell, resolutionOf } from '../../shared/model/cell.ts';
import { LICENCES } from '../../shared/model/licence.ts';
import { makeTile } from '../../tiles/tile.ts';
import { resolutionAt } from '../../tiles/zoom.ts';
import { type DeskLog, deskRoutes } from './mock-desk.ts';
import { contextOf, DRIVE_ID, driveFramesOf, summaryOf, windowsOf } from './mock-drives.ts';
import { evidenceOf } from './mock-evidence.ts';
import { moneyRoutes } from './mock-money.ts';
import { peopleRoutes } from './mock-people.ts';
import { drawStreet } from './mock-pictures.ts';
import { type UploadLog, uploadRoutes } from './mock-upload.ts';
import { frameId, type MockFrame, type MockWorld, worldOf } from './mock-world.ts';

/** A server that answers as the contract says, from made-up data, with the real tile encoder. */
export interface MockServer {
  readonly url: string;
  readonly world: MockWorld;
  /** Switches that tests throw. */
  readonly faults: { tiles: number | null; bounds: boolean };
  /** What reviewers told it. */
  readonly desk: DeskLog;
  /** What uploaders sent it. */
  readonly upload: UploadLog;
  close(): Promise<void>;
}

export const TOKEN = 'wp_demo_0123456789abcdef';
export const GONE = { withdrawn: frameId('withdrawn'), pending: frameId('pending'), missing: frameId('nobody has this') };

const POLICY = "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'";
const DAY_MS = 86_400_000;

export async function startMockServer(viewerDir: string, port = 0): Promise<MockServer> {
  const today = Math.floor(Date.now() / DAY_MS);
  const world = worldOf(today);
  const faults: MockServer['faults'] = { tiles: null, bounds: true };
  const http = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } });
  await http.register(staticFiles, { root: viewerDir, serve: false });
  http.get('/assets/*', (request, reply) => reply.sendFile(`assets/${(request.params as { '*': string })['*']}`));
  http.setNotFoundHandler(async (request, reply) => {
    if (request.url.startsWith('/api') || request.url.startsWith('/assets')) return await refuse(reply, 404, 'There is nothing here');
    return await reply.type('text/html').header('content-security-policy', POLICY).send(await readFile(join(viewerDir, 'index.html')));
  });
  publicRoutes(http, world, faults);
  frameRoutes(http, world);
  peopleRoutes(http);
  moneyRoutes(http);
  ownerRoutes(http);
  const desk = deskRoutes(http);
  const upload = uploadRoutes(http);
  const url = await http.listen({ port, host: '127.0.0.1' });
  return { url, world, faults, desk, upload, close: async () => await http.close() };
}

function publicRoutes(http: FastifyInstance, world: MockWorld, faults: MockServer['faults']): void {
  http.get('/api/config', () => ({
    name: 'Wayproof', version: '0.1.0', demo: true, basemapStyleUrl: null, bounds: faults.bounds ? [11.6021, 48.2105, 11.6099, 48.2146] : null,
    centre: [11.606, 48.2125], epoch: 2967, licences: LICENCES,
  }));
  http.get('/demo/roads.geojson', async (_request, reply) => await reply.type('application/geo+json').send(JSON.stringify(roadsGeoJson(demoNetwork()))));
  http.get('/tiles/:z/:x/:y', async (request, reply) => {
    if (faults.tiles !== null) return await refuse(reply, faults.tiles, 'The database does not answer');
    const { z, x, y } = request.params as Record<'z' | 'x' | 'y', string>;
    const tile = { z: Number(z), x: Number(x), y: Number.parseInt(y, 10) };
    const bytes = makeTile(tile, { cells: [...world.cells(resolutionAt(tile.z)).values()], frames: tile.z >= 12 ? world.frames : [] });
    return await reply.type('application/vnd.mapbox-vector-tile').send(Buffer.from(bytes));
  });
  http.get('/api/cells/:h3', async (request, reply) => {
    const { h3 } = request.params as { h3: string };
    const cell = parseCell(h3);
    const found = cell === null ? undefined : world.cells(resolutionOf(cell)).get(h3);
    if (cell === null || found === undefined) return await refuse(reply, 404, 'No frames here yet');
    const frames = world.inCell(cell).toSorted((a, b) => b.lastDay - a.lastDay);
    const headings = Array.from({ length: 8 }, (_, octant) => frames.filter(({ headingDeg }) => Math.round((headingDeg ?? 0) / 45) % 8 === octant).length);
    return {
      h3, resolution: resolutionOf(cell), frames: found.frames, contributors: found.contributors, contributorsExact: true,
      firstCapturedOn: isoDay(frames.at(-1)!.lastDay), lastCapturedOn: isoDay(found.lastDay), quality: found.quality, headings, unheaded: 0,
      newest: frames.slice(0, 12).map(({ id, lastDay }) => ({ id, capturedOn: isoDay(lastDay), thumbUrl: `/api/frames/${id}/thumb.jpg` })),
      licences: ['CC-BY-SA-4.0'], attribution: '© Wayproof contributors',
    };
  });
}

function frameRoutes(http: FastifyInstance, world: MockWorld): void {
  const byId = new Map(world.frames.map((frame) => [frame.id, frame]));
  http.get('/api/frames/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    if (id === GONE.withdrawn) return await refuse(reply, 410, 'Withdrawn');
    if (id === GONE.pending) return await refuse(reply, 202, 'Not published yet');
    const frame = byId.get(id);
    return frame === undefined ? await refuse(reply, 404, 'There is no such frame') : frameAnswer(frame, world);
  });
  for (const [name, widthPx] of [['picture.jpg', 1280], ['thumb.jpg', 500]] as const) {
    http.get(`/api/frames/:id/${name}`, async (request, reply) => {
      const { id } = request.params as { id: string };
      const frame = byId.get(id);
      const label = frame === undefined ? `own ${id.slice(0, 6)}` : `${frame.driveId} ${frame.ordinal}`;
      return await reply.type('image/jpeg').header('cache-control', 'public, max-age=31536000').send(await drawStreet(label, widthPx));
    });
  }
}

function frameAnswer(frame: MockFrame, world: MockWorld): Record<string, unknown> {
  const drive = world.frames.filter(({ driveId }) => driveId === frame.driveId);
  const index = drive.indexOf(frame);
  return {
    id: frame.id, state: 'accepted', capturedOn: isoDay(frame.lastDay), partOfDay: 'morning', latDeg: frame.latDeg, lonDeg: frame.lonDeg,
    headingDeg: frame.headingDeg, haccM: 3.2, tier: frame.tier, score: 0.31, reasons: frame.driveId.startsWith('walk') ? ['no_motion_sensor'] : [],
    checks: [
      { name: 'speed-agreement', measured: 3.6, limit: 4, unit: 'm/s', score: 0.9 },
      { name: 'displacement', measured: 2.1, limit: 14.2, unit: 'm', score: 0.3 },
      { name: 'stillness', measured: 0.62, limit: 0.06, unit: 'm/s²', score: 0.1 },
    ],
    position: { number: index + 1, of: drive.length }, previous: drive[index - 1]?.id ?? null, next: drive[index + 1]?.id ?? null,
    pictureUrl: `/api/frames/${frame.id}/picture.jpg`, thumbUrl: `/api/frames/${frame.id}/thumb.jpg`, pictureWithheld: null,
    licence: 'CC-BY-SA-4.0', attribution: '© Wayproof contributors',
    receipt: { recipe: 1, provider: 'cpu', inputSha256: frameId('input'), modelSha256: null },
  };
}

function ownerRoutes(http: FastifyInstance): void {
  const frames = [...driveFramesOf(840)];
  const drives = [
    summaryOf(DRIVE_ID, frames),
    summaryOf('019362f0-0000-7000-8000-000000000002', frames.slice(0, 210), { name: 'Sunday', state: 'processing', judgedAt: null, verdict: null, points: '0' }),
    summaryOf('019362f0-0000-7000-8000-000000000003', [], { name: 'holiday photos', state: 'refused', reason: 'drive_empty', reasonDetail: {}, points: '0' }),
    summaryOf('019362f0-0000-7000-8000-000000000004', [], { name: 'commute', state: 'open', closedAt: null, files: { announced: 420, stored: 133 }, points: '0' }),
  ];
  http.get('/api/me/drives', () => ({ drives, next: null }));
  http.get('/api/drives/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    return drives.find((drive) => drive['id'] === id) ?? (await refuse(reply, 404, 'There is no such drive'));
  });
  http.delete('/api/drives/:id/frames/:frame', async (request, reply) => {
    const { frame } = request.params as { frame: string };
    const found = frames.findIndex(({ id }) => id === frame);
    if (found < 0) return await refuse(reply, 404, 'No such frame');
    frames[found] = { ...frames[found], state: 'withdrawn', reasons: ['withdrawn_by_owner'], points: '0', pictureUrl: null };
    drives[0] = summaryOf(DRIVE_ID, frames);
    return await reply.code(204).send();
  });
  http.delete('/api/drives/:id', async (_request, reply) => await reply.code(204).send());
  http.get('/api/drives/:id/context', (request) => ({ context: (request.params as { id: string }).id === DRIVE_ID ? contextOf(frames) : null }));
  http.get('/api/drives/:id/windows', () => ({ windows: windowsOf(frames) }));
  http.get('/api/drives/:id/evidence', async (request, reply) => {
    const { id } = request.params as { id: string };
    return id === DRIVE_ID ? evidenceOf(Date.parse(String(frames[0]!['capturedAt'])) / 1000, 1200, windowsOf(frames)) : await refuse(reply, 404, 'This drive has no verdict yet');
  });
  http.get('/api/drives/:id/frames', (request) => {
    const { id } = request.params as { id: string };
    const { after = '0', limit = '200' } = request.query as { after?: string; limit?: string };
    const own = id === DRIVE_ID ? frames : id.endsWith('2') ? frames.slice(0, 210) : [];
    const page = own.slice(Number(after), Number(after) + Number(limit));
    return { frames: page, next: Number(after) + page.length < own.length ? String(Number(after) + page.length) : null };
  });
}

function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

async function refuse(reply: FastifyReply, status: number, title: string): Promise<FastifyReply> {
  return await reply.code(status).type('application/problem+json').send(JSON.stringify({ type: 'mock', title, status, detail: title }));
}

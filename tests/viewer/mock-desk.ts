import type { FastifyInstance } from 'fastify';
import { REJECT_REASONS } from '../../shared/model/review.ts';
import { evidenceOf } from './mock-evidence.ts';
import { frameId } from './mock-world.ts';

/** What was told to the mock desk, for tests to look at. */
export interface DeskLog {
  readonly decisions: { caseId: string; decision: string; reasons: readonly string[]; note: string | null }[];
  readonly undone: string[];
}

const CASES = 7;
const START_S = Date.UTC(2026, 10, 20, 9, 30) / 1000;
const CHECKS = [
  { name: 'speed-agreement', measured: 11.2, limit: 4, unit: 'm/s', bound: 'upper', atS: 0, isOver: true },
  { name: 'displacement', measured: 14.1, limit: 24, unit: 'm', bound: 'upper', atS: 0, isOver: false },
  { name: 'stillness', measured: 0.62, limit: 0.06, unit: 'm/s²', bound: 'lower', atS: 0, isOver: false },
] as const;

/** The id of the nth case of the mock desk. */
export function caseId(n: number): string {
  return `019362f0-2222-7000-8000-00000000000${n}`;
}

/** Cases that wait for the signed-in reviewer; a decision takes one away, undoing brings it back. */
export function deskRoutes(http: FastifyInstance): DeskLog {
  const log: DeskLog = { decisions: [], undone: [] };
  const all = Array.from({ length: CASES }, (_, n) => caseOf(n));
  const isDecided = (id: unknown): boolean => log.decisions.filter(({ caseId }) => caseId === id).length > log.undone.filter((one) => one === id).length;
  http.get('/api/review', () => {
    const cases = all.filter(({ id }) => !isDecided(id));
    return { cases, waiting: cases.length, next: null, undoS: 10, rejectReasons: REJECT_REASONS };
  });
  http.get('/api/review/:case', async (request, reply) => {
    const found = all.find(({ id }) => id === (request.params as { case: string }).case);
    if (found !== undefined) return found;
    return await reply.code(404).type('application/problem+json').send(JSON.stringify({ type: 'case_unknown', title: 'There is no such case', status: 404 }));
  });
  http.get('/api/review/:case/evidence', (request) => {
    const n = all.findIndex(({ id }) => id === (request.params as { case: string }).case);
    const fromS = START_S + n * 3600;
    const windows = [16, 32, 48].map((s) => ({ fromS: fromS + s, toS: fromS + s + 64, verdict: 'flagged', reasons: ['one_check_alone'] }));
    return evidenceOf(fromS, 190, windows);
  });
  http.post('/api/review/:case/decisions', async (request, reply) => {
    const { decision, reasons = [], note = null } = request.body as { decision: string; reasons?: string[]; note?: string };
    log.decisions.push({ caseId: (request.params as { case: string }).case, decision, reasons, note });
    const at = Date.now();
    return await reply.code(201).send({ decision, reasons, note, decidedAt: new Date(at).toISOString(), finalAt: new Date(at + 10_000).toISOString(), isFinal: false });
  });
  http.delete('/api/review/:case/decisions/mine', async (request, reply) => {
    log.undone.push((request.params as { case: string }).case);
    return await reply.code(204).send();
  });
  return log;
}

function caseOf(n: number): Record<string, unknown> & { readonly id: string } {
  const fromS = START_S + n * 3600 + 64;
  const frames = Array.from({ length: 9 + n * 4 }, (_, k) => {
    const id = frameId(`case ${n} ${k}`);
    const s = 64 + k * 2;
    return {
      id, atS: fromS + k * 2, latDeg: 48.2105 + 0.0022 * Math.sin(s / 90) + s * 4e-6, lonDeg: 11.601 + s * 2e-5, headingDeg: 60 + k * 2,
      thumbUrl: `/api/frames/${id}/thumb.jpg`, pictureUrl: `/api/frames/${id}/picture.jpg`,
    };
  });
  const isStill = n % 3 === 1;
  const checks = CHECKS.map((check) => {
    const isOver = (check.name === 'stillness') === isStill && check.name !== 'displacement';
    return { ...check, isOver, measured: check.name === 'stillness' && isStill ? 0.012 : check.name === 'speed-agreement' && isStill ? 1.4 : check.measured, atS: fromS + 6 };
  }).toSorted((a, b) => Number(b.isOver) - Number(a.isOver));
  return {
    id: caseId(n), openedAt: new Date((START_S - 86_400) * 1000).toISOString(), ageS: 190_000 - n * 21_000, fromS, toS: fromS + frames.length * 2 - 2,
    reasons: [isStill ? 'sensor_still' : 'speed_disagrees', 'one_check_alone', 'review_pending'], checks, frames, mine: null, settled: null,
  };
}

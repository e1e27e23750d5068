import type { FastifyInstance, FastifyReply } from 'fastify';
import { DRIVE_ID } from './mock-drives.ts';
import { frameId } from './mock-world.ts';

export const POSTING = 'epoch:2966:coverage:019362f0-1111-7000-8000-000000000001';
const PAGE = 4;
const HEX = 'a4'.repeat(32);

/** What the server says of earnings: a balance with two open epochs and seven lines, each with its reasons. Olga has earned nothing. */
export function moneyRoutes(http: FastifyInstance): void {
  const lines = [
    ...[2961, 2962, 2963, 2964, 2966].map((epoch, n) => ({ key: `epoch:${epoch}:coverage:019362f0-1111-7000-8000-000000000001`, kind: 'epoch', epoch, at: `2026-10-${String(8 + 7 * (n % 3)).padStart(2, '0')}T00:00:00.000Z`, amount: String(12_835_337 * (n + 1)) })),
    { key: 'correction:appeal:1:account', kind: 'correction', epoch: null, at: '2026-11-14T09:10:00.000Z', amount: '-214000' },
    { key: 'epoch:2966:review:019362f0-1111-7000-8000-000000000001', kind: 'epoch', epoch: 2966, at: '2026-11-15T00:00:00.000Z', amount: '1234567890' },
  ];
  const balance = sum(lines.map(({ amount }) => amount));
  http.get('/api/epochs', () => ({ next: { epoch: 2967, from: '2026-11-16T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z', closesAt: '2026-11-25T00:00:00.000Z' }, epochs: [] }));
  http.get('/api/me/balance', (request) => {
    const { after = '0' } = request.query as { after?: string };
    if (request.headers.authorization?.endsWith('operator') === true) return { unit: 'unit', decimals: 6, balance: '0', opening: '0', closing: '0', lines: [], next: null, provisional: [] };
    const [from, to] = [Number(after), Number(after) + PAGE];
    return {
      unit: 'unit', decimals: 6, balance, opening: sum(lines.slice(0, from).map(({ amount }) => amount)), closing: sum(lines.slice(0, to).map(({ amount }) => amount)),
      lines: lines.slice(from, to), next: to < lines.length ? String(to) : null,
      provisional: [
        { epoch: 2967, microPoints: '214310000', ofMicroPoints: '13890112344', frames: 312, closesAt: '2026-11-25T00:00:00.000Z' },
        { epoch: 2968, microPoints: '412857', ofMicroPoints: '412857', frames: 1, closesAt: '2026-12-02T00:00:00.000Z' },
      ],
    };
  });
  http.get('/api/me/epochs/:epoch/points', async (request, reply) => {
    if ((request.params as { epoch: string }).epoch !== '2967') return await refuse(reply, 'You have no provisional points in this epoch');
    return { epoch: 2967, closesAt: '2026-11-25T00:00:00.000Z', microPoints: '214310000', ofMicroPoints: '13890112344', lines: [0, 1, 2].map(paid), next: '3' };
  });
  http.get('/api/me/postings/:key/why', async (request, reply) => {
    const line = lines.find(({ key }) => key === (request.params as { key: string }).key);
    if (line === undefined) return await refuse(reply, 'You have no such posting');
    if (line.kind !== 'epoch') return { ...line, share: null, proof: null, lines: [], next: null };
    const gone = { ...paid(3), frame: null, factors: null, place: null, amount: '900', commitment: HEX, salt: null };
    return {
      ...line,
      share: { purse: 'coverage', purseUnits: '800000000000', microPoints: '222856', ofMicroPoints: '13890112344', recipe: 3, pseudonym: HEX },
      proof: { index: 11, count: 41, leaf: HEX, path: [HEX, HEX], root: HEX },
      lines: [...[0, 1, 2].map((n) => ({ ...paid(n), amount: String(9_000_000 - n), commitment: HEX, salt: HEX })), gone],
      next: null,
    };
  });
}

function paid(n: number): { readonly microPoints: string; readonly frame: object; readonly factors: object; readonly place: object } {
  return {
    microPoints: String(222_856 - n * 1000),
    frame: { id: frameId(`paid ${n}`), driveId: DRIVE_ID, drive: '2026-11-12 Isarring', capturedAt: `2026-11-1${n + 2}T09:10:${10 + n}.000Z`, state: 'accepted' },
    factors: { potMicroPoints: '428571', refillDays: 3, refillOfDays: 7, areaPpm: 1_000_000, rank: n === 2 ? 2 : 1, share: n === 0 ? 4 : n === 1 ? 4 : 3, shareOf: n === 1 ? 4 : 7, qualityPpm: n === 1 ? null : 910_000, tierHalves: n === 2 ? 1 : 2 },
    place: { h3: '8c1f8d736804dff', octant: n === 0 ? 2 : n - 2 },
  };
}

function sum(amounts: readonly string[]): string {
  return String(amounts.reduce((sofar, amount) => sofar + BigInt(amount), 0n));
}

async function refuse(reply: FastifyReply, title: string): Promise<FastifyReply> {
  return await reply.code(404).type('application/problem+json').send(JSON.stringify({ type: 'mock', title, status: 404, detail: title }));
}

import { frameId } from './mock-world.ts';

/** A drive in every state that a list can show, with the figures that their sentences need. */
export const DRIVE_ID = '019362f0-0000-7000-8000-000000000001';
const STATES = [
  { state: 'accepted', reasons: [], detail: {} },
  { state: 'flagged', reasons: ['one_check_alone', 'review_pending'], detail: {} },
  { state: 'rejected', reasons: ['teleport', 'speed_disagrees'], detail: { value: 300, seconds: 1, limit: 24 } },
  { state: 'unverified', reasons: ['not_checkable'], detail: {} },
  { state: 'dropped', reasons: ['near_duplicate'], detail: { value: 0.4, angle: 3, limit: 1, limit_angle: 30 } },
  { state: 'refused', reasons: ['no_position'], detail: { time: '2026-05-12T14:03:12Z' } },
  { state: 'ready', reasons: [], detail: {} },
  { state: 'withdrawn', reasons: ['withdrawn_by_owner'], detail: {} },
] as const;

/** Which state the nth frame of the mock drive is in. */
function stateAt(n: number): (typeof STATES)[number] {
  const k = n % 120;
  if (k >= 40 && k < 52) return STATES[1];
  if (k >= 60 && k < 66) return STATES[2];
  if (k >= 80 && k < 90) return STATES[3];
  if (k % 17 === 0) return STATES[4];
  if (k === 95) return STATES[5];
  if (k >= 116) return STATES[6];
  return k === 100 ? STATES[7] : STATES[0];
}

/** Frames of the mock drive: `of` of them along a bent line near the demo's streets. */
export function driveFramesOf(of: number): readonly Record<string, unknown>[] {
  return Array.from({ length: of }, (_, n) => {
    const { state, reasons, detail } = stateAt(n);
    const placed = state !== 'refused';
    const isPrivate = n < 4;
    const id = frameId(`own ${n}`);
    return {
      path: `frames/IMG_${String(n).padStart(5, '0')}.JPG`, id, state, reasons, detail,
      capturedAt: placed ? new Date(Date.UTC(2026, 10, 20, 9, 30, 0) + n * 1500).toISOString() : null,
      latDeg: placed ? 48.2105 + 0.0022 * Math.sin(n / 60) + n * 6e-6 : null,
      lonDeg: placed ? 11.601 + n * 3e-5 : null,
      headingDeg: placed ? (80 + 25 * Math.sin(n / 30)) % 360 : null,
      sequence: 0, private: isPrivate ? 'trimmed_end' : null, score: state === 'rejected' ? 0.9999 : 0.2, tier: 'A',
      points: state === 'accepted' && !isPrivate ? String(900_000 + n * 137) : '0',
      thumbUrl: placed ? `/api/frames/${id}/thumb.jpg` : null, pictureUrl: placed ? `/api/frames/${id}/picture.jpg` : null,
    };
  });
}

/** The summary of a mock drive. */
export function summaryOf(id: string, frames: readonly Record<string, unknown>[], change: Record<string, unknown> = {}): Record<string, unknown> {
  const count = (...states: string[]): number => frames.filter(({ state }) => states.includes(String(state))).length;
  return {
    id, name: 'Monday, along the avenue', state: 'judged', reason: null, reasonDetail: null,
    notes: [{ code: 'clock_differs', detail: { value: 3.2 } }, { code: 'row_malformed', detail: { file: 'gnss.csv', line: 412 } }],
    licence: 'CC-BY-SA-4.0', trimM: null, createdAt: '2026-11-20T10:00:00Z', closedAt: '2026-11-20T10:04:00Z', judgedAt: '2026-11-20T10:05:10Z',
    verdict: 'accepted', tier: 'A', score: 0.31, files: { announced: frames.length + 3, stored: frames.length + 3 },
    counts: {
      received: frames.length, processing: count('ready', 'received'), accepted: count('accepted'), flagged: count('flagged'), rejected: count('rejected'),
      unverified: count('unverified'), refused: count('refused'), dropped: count('dropped'), withdrawn: count('withdrawn'), taken_down: 0,
      private: frames.filter((frame) => frame['private'] !== null).length,
    },
    points: String(frames.reduce((sum, frame) => sum + BigInt(String(frame['points'])), 0n)), demo: false, ...change,
  };
}

/** Of the minutes, the one in which the motion sensor lies on a desk for 31 seconds. */
export const STILL_WINDOW = 6;

/** A window over every 40 frames of the mock drive; the second one is over its limit. */
export function windowsOf(frames: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  const startS = Date.parse(String(frames[0]?.['capturedAt'])) / 1000;
  return Array.from({ length: Math.ceil(frames.length / 40) }, (_, n) => {
    const fromS = startS + n * 60;
    const [measured, isStill] = [n === 1 ? 300 : 2.1, n === STILL_WINDOW];
    const span = { fromS: fromS + 9, toS: fromS + 40 };
    return {
      fromS, toS: fromS + 60, score: n === 1 ? 0.9999 : 0.3, verdict: n === 1 ? 'rejected' : isStill ? 'flagged' : 'accepted', reasons: [],
      checks: {
        displacement: { measured, limit: 24, unit: 'm', bound: 'upper', atS: fromS + 30, score: n === 1 ? 0.9999 : 0.3, span: { fromS: fromS + 29, toS: fromS + 30 } },
        stillness: { measured: isStill ? 0.02 : 0.62, limit: 0.06, unit: 'm/s²', bound: 'lower', atS: fromS + 30, score: 0.1, ...(isStill ? { span, claimed: { value: 14.2, unit: 'm/s' } } : {}) },
      },
    };
  });
}

/** What the mock drive was found to share with two others: a way that lies beside theirs, some pictures, nothing else. */
export function contextOf(frames: readonly Record<string, unknown>[]): Record<string, unknown> {
  const startS = Date.parse(String(frames[0]?.['capturedAt'])) / 1000;
  const line = { reason: null, bound: 'upper', spans: [] };
  return {
    sha256: frameId('context'), drives: 2, verdict: 'flagged', frames: [],
    lines: [
      { ...line, check: 'copied-imagery', measured: 1, limit: 2, unit: 'pictures', margin: 1 },
      { ...line, check: 'replayed-track', measured: 1.4, limit: 0.6, unit: 'm', bound: 'lower', margin: 0.8 },
      { ...line, check: 'place-offset', reason: 'place_offset', measured: 31.25, limit: 8.2, unit: 'm', margin: -23.05, spans: [[startS + 60, startS + 180], [startS + 600, startS + 720]] },
      { ...line, check: 'clock-ahead', measured: -3600, limit: 120, unit: 's', margin: 3720 },
    ],
  };
}

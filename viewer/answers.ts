import type { PrintedContext } from '../shared/model/context-verdict.ts';
import type { Evidence } from '../shared/model/evidence.ts';
import type { FrameState } from '../shared/model/frame-state.ts';
import type { Decision, RejectReason } from '../shared/model/review.ts';
import type { Role } from '../shared/model/role.ts';
import type { Tier, Verdict, WindowVerdict } from '../shared/model/verdict.ts';

/** GET /api/config */
export interface Config {
  readonly name: string;
  readonly version: string;
  readonly demo: boolean;
  readonly basemapStyleUrl: string | null;
  /** West, south, east, north of all public frames. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly epoch: number;
  readonly licences: Readonly<Record<string, { readonly title: string; readonly url: string }>>;
}

/** GET /api/cells/{h3} */
export interface CellAnswer {
  readonly h3: string;
  readonly resolution: number;
  readonly frames: number;
  readonly contributors: number;
  readonly contributorsExact: boolean;
  readonly firstCapturedOn: string;
  readonly lastCapturedOn: string;
  readonly quality: number | null;
  /** Frames that look N, NE, E … NW. */
  readonly headings: readonly number[];
  readonly unheaded: number;
  readonly newest: readonly { readonly id: string; readonly capturedOn: string; readonly thumbUrl: string | null }[];
  readonly licences: readonly string[];
  readonly attribution: string;
}

/** A measured value beside its limit. */
export interface MeasuredCheck {
  readonly name: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  /** Of what the limit is the limit: a measured value is to stay under it, or over it. */
  readonly bound?: 'upper' | 'lower' | undefined;
  /** What another witness says of the same seconds. */
  readonly claimed?: { readonly value: number; readonly unit: string } | undefined;
  /** How many seconds it was measured over, where answers leave out when. */
  readonly seconds?: number | undefined;
  /** The seconds that it was measured over. */
  readonly span?: { readonly fromS: number; readonly toS: number } | undefined;
}

/** One check on one frame: the worst window over it. */
export interface CheckAnswer extends MeasuredCheck {
  readonly score: number;
}

export type PartOfDay = 'night' | 'morning' | 'afternoon' | 'evening';

/** GET /api/frames/{id} */
export interface FrameAnswer {
  readonly id: string;
  readonly state: FrameState;
  readonly capturedOn: string | null;
  readonly partOfDay: PartOfDay | null;
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly headingDeg: number | null;
  readonly haccM: number | null;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly checks: readonly CheckAnswer[];
  readonly position: { readonly number: number; readonly of: number } | null;
  readonly previous: string | null;
  readonly next: string | null;
  readonly pictureUrl: string | null;
  readonly thumbUrl: string | null;
  readonly pictureWithheld: 'not_blurred' | null;
  readonly licence: string;
  readonly attribution: string;
  /** Only its owner is told. */
  readonly points?: string | null;
  readonly receipt: {
    readonly recipe: number;
    readonly provider: string;
    readonly inputSha256: string;
    readonly modelSha256: string | null;
  } | null;
}

/** GET /api/me */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Where the files of a drive stand; they sum to `received`. */
export interface DriveCounts {
  readonly received: number;
  readonly processing: number;
  readonly accepted: number;
  readonly flagged: number;
  readonly rejected: number;
  readonly unverified: number;
  readonly refused: number;
  readonly dropped: number;
  readonly withdrawn: number;
  readonly taken_down?: number;
  readonly private: number;
}

/** GET /api/drives/{id}, and the rows of GET /api/me/drives */
export interface DriveSummary {
  readonly id: string;
  readonly name: string;
  readonly state: 'open' | 'processing' | 'judged' | 'refused';
  readonly reason: string | null;
  readonly reasonDetail: Readonly<Record<string, string | number>> | null;
  readonly notes: readonly { readonly code: string; readonly detail: Readonly<Record<string, string | number>> }[];
  readonly licence: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly judgedAt: string | null;
  readonly verdict: Verdict | null;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly files: { readonly announced: number; readonly stored: number };
  readonly counts: DriveCounts;
  /** Whole micro-points as text: they may exceed 2^53. */
  readonly points: string;
  readonly demo: boolean;
}

/** GET /api/me/drives */
export interface DrivesAnswer {
  readonly drives: readonly DriveSummary[];
  readonly next: string | null;
}

/** One file of a drive, as its owner sees it. */
export interface DriveFrame {
  readonly path: string;
  readonly id: string | null;
  readonly state: FrameState;
  readonly reasons: readonly string[];
  readonly detail: Readonly<Record<string, string | number>>;
  readonly capturedAt: string | null;
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly headingDeg: number | null;
  readonly sequence: number | null;
  readonly private: string | null;
  readonly score: number | null;
  readonly tier: Tier | null;
  readonly points: string;
  readonly thumbUrl: string | null;
  readonly pictureUrl: string | null;
}

/** GET /api/drives/{id}/frames */
export interface DriveFramesAnswer {
  readonly frames: readonly DriveFrame[];
  readonly next: string | null;
}

/** GET /api/drives/{id}/windows */
export interface DriveWindowsAnswer {
  readonly windows: readonly WindowVerdict[];
}

/** GET /api/drives/{id}/context: null where the drive was held against nothing. */
export interface ContextAnswer {
  readonly context: PrintedContext | null;
}

/** GET /api/drives/{id}/evidence, and GET /api/review/{case}/evidence */
export type EvidenceAnswer = Evidence;

/** One frame of a case. */
export interface CaseFrame {
  readonly id: string;
  readonly atS: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly headingDeg: number | null;
  readonly thumbUrl: string | null;
  readonly pictureUrl: string | null;
}

/** What a reviewer decided. */
export interface DecisionAnswer {
  readonly decision: Decision;
  readonly reasons: readonly RejectReason[];
  readonly note: string | null;
  readonly decidedAt: string;
  /** Until then it can be undone. */
  readonly finalAt: string;
  readonly isFinal: boolean;
}

/** GET /api/review/{case}, and the rows of GET /api/review */
export interface CaseAnswer {
  readonly id: string;
  readonly openedAt: string;
  readonly ageS: number;
  readonly fromS: number;
  readonly toS: number;
  readonly reasons: readonly string[];
  readonly checks: readonly (MeasuredCheck & { readonly atS: number; readonly isOver: boolean })[];
  readonly frames: readonly CaseFrame[];
  readonly mine: DecisionAnswer | null;
  readonly settled: { readonly at: string; readonly outcome: 'accepted' | 'rejected' | 'empty' } | null;
}

/** GET /api/review */
export interface ReviewAnswer {
  readonly cases: readonly CaseAnswer[];
  readonly waiting: number;
  readonly next: string | null;
  /** For so long a decision can be undone. */
  readonly undoS: number;
  /** In the order of the keys. */
  readonly rejectReasons: readonly RejectReason[];
}

/** GET /api/me/tokens */
export interface TokensAnswer {
  readonly tokens: readonly { readonly id: string; readonly label: string; readonly createdAt: string; readonly isCurrent: boolean }[];
}

/** The next epoch to close, of GET /api/epochs. */
export interface EpochsAnswer {
  readonly next: { readonly epoch: number; readonly from: string; readonly to: string; readonly closesAt: string };
}

/** GET /api/me/balance. Amounts are whole numbers of the sixth decimal place, as text. */
export interface BalanceAnswer {
  readonly balance: string;
  readonly opening: string;
  readonly closing: string;
  readonly lines: readonly BalanceLine[];
  readonly next: string | null;
  /** What is earned in epochs that are still open. */
  readonly provisional: readonly { readonly epoch: number; readonly microPoints: string; readonly ofMicroPoints: string; readonly frames: number; readonly closesAt: string }[];
}

export interface BalanceLine {
  readonly key: string;
  readonly kind: string;
  readonly epoch: number | null;
  readonly at: string;
  readonly amount: string;
}

/** A frame behind an amount with each of its factors. */
export interface PaidFrame {
  readonly microPoints: string;
  /** Null where the frame is gone. */
  readonly frame: { readonly id: string; readonly driveId: string; readonly drive: string; readonly capturedAt: string | null; readonly state: string } | null;
  readonly factors: {
    readonly potMicroPoints: string; readonly refillDays: number; readonly refillOfDays: number; readonly areaPpm: number;
    readonly rank: number | null; readonly share: number; readonly shareOf: number; readonly qualityPpm: number | null; readonly tierHalves: number;
  } | null;
  readonly place: { readonly h3: string; readonly octant: number } | null;
}

/** GET /api/me/epochs/{epoch}/points */
export interface OpenPointsAnswer {
  readonly epoch: number;
  readonly closesAt: string;
  readonly microPoints: string;
  readonly ofMicroPoints: string;
  readonly lines: readonly PaidFrame[];
  readonly next: string | null;
}

/** GET /api/me/postings/{key}/why */
export interface WhyAnswer {
  readonly key: string;
  readonly kind: string;
  readonly epoch: number | null;
  readonly at: string;
  readonly amount: string;
  /** amount = purseUnits × microPoints / ofMicroPoints, by largest remainder. */
  readonly share: { readonly purse: 'coverage' | 'review' | 'nodes'; readonly purseUnits: string; readonly microPoints: string; readonly ofMicroPoints: string; readonly recipe: number } | null;
  readonly proof: { readonly index: number; readonly count: number; readonly leaf: string; readonly root: string } | null;
  readonly lines: readonly (PaidFrame & { readonly amount: string })[];
  readonly next: string | null;
}

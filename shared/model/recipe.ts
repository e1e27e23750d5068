/**
 * The rules of a network as data: an epoch and a receipt name the version they used. Units in names.
 * A change of any figure is a new version.
 */
export interface Recipe {
  readonly version: number;
  readonly ingest: IngestRules;
  readonly validate: ValidateRules;
  readonly rewards: RewardRules;
}

export interface IngestRules {
  /** A sequence ends where the next frame is further away than this, in place or in time. Panoramax's defaults. */
  readonly splitDistanceM: number;
  readonly splitTimeS: number;
  /** A frame is a near copy where it is this close to the last kept one AND turned by less than this. Panoramax's defaults. */
  readonly duplicateDistanceM: number;
  readonly duplicateTurnDeg: number;
  /** No fix lies this close to 0°, 0°: receivers report it when they have none. */
  readonly nullIslandM: number;
  /** A position is interpolated from the track only between fixes this close together in time. */
  readonly trackGapS: number;
  /** Private: this near (derived per account and place, within the two) to a drive's ends and long stops. */
  readonly trimMinM: number;
  readonly trimMaxM: number;
  readonly stopS: number;
  readonly stopRadiusM: number;
}

export interface ValidateRules {
  readonly windowS: number;
  readonly strideS: number;
  /** A frame is flagged where a stretch this long is (also the smallest decision). */
  readonly flagStretchS: number;
  readonly displacement: { readonly limitMps: number; readonly haccSigmas: number; readonly reacquisitionGapS: number; readonly reacquisitionHaccM: number };
  readonly speedAgreement: { readonly limitMps: number; readonly spanS: number; readonly shareOfSpeed: number };
  readonly stillness: { readonly limitMps2: number; readonly movingMps: number; readonly stretchS: number };
  /** Window scores at or above these are flagged, and rejected where two independent checks agree. */
  readonly flagScore: number;
  readonly rejectScore: number;
}

export interface RewardRules {
  readonly potMicroPoints: bigint;
  readonly refillDays: number;
  /** The first three independent contributors to a pot share it so. */
  readonly rankShares: readonly [number, number, number];
  /** Tier A, B, C as a fraction of two: 2/2, 1/2, 0/2. */
  readonly tierHalves: { readonly A: number; readonly B: number; readonly C: number };
  readonly octantHysteresisDeg: number;
  readonly poolUnits: bigint;
  readonly poolPercent: { readonly coverage: number; readonly review: number; readonly nodes: number };
  /** Epochs are weeks, from Monday 00:00 UTC; an epoch closes this long after its end. */
  readonly graceS: number;
}

export const RECIPE: Recipe = {
  version: 1,
  ingest: {
    splitDistanceM: 100,
    splitTimeS: 60,
    duplicateDistanceM: 1,
    duplicateTurnDeg: 30,
    nullIslandM: 1000,
    trackGapS: 5,
    trimMinM: 200,
    trimMaxM: 500,
    stopS: 600,
    stopRadiusM: 30,
  },
  validate: {
    windowS: 64,
    strideS: 16,
    flagStretchS: 16,
    displacement: { limitMps: 70, haccSigmas: 4, reacquisitionGapS: 5, reacquisitionHaccM: 30 },
    speedAgreement: { limitMps: 6, spanS: 4, shareOfSpeed: 0.25 },
    stillness: { limitMps2: 0.06, movingMps: 5, stretchS: 10 },
    flagScore: 0.99,
    rejectScore: 0.999,
  },
  rewards: {
    potMicroPoints: 1_000_000n,
    refillDays: 7,
    rankShares: [4, 3, 1],
    tierHalves: { A: 2, B: 1, C: 0 },
    octantHysteresisDeg: 5,
    poolUnits: 1_000_000_000_000n,
    poolPercent: { coverage: 80, review: 10, nodes: 10 },
    graceS: 48 * 3600,
  },
};

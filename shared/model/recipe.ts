import { CONTEXT_RULES } from './context-rules.ts';
import type { ValidateRules } from './validate-rules.ts';

/**
 * The rules of a network as data: an epoch and a receipt name the version they used. Units in names.
 * A change of any figure is a new version.
 */
export interface Recipe {
  readonly version: number;
  readonly ingest: IngestRules;
  readonly validate: ValidateRules;
  readonly review: ReviewRules;
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

export interface ReviewRules {
  /** How many people must agree on a flagged stretch: 1 in a young network, else 2. Where two differ, a third decides. */
  readonly reviewers: number;
  /** For so long a decision can be undone. */
  readonly undoS: number;
  /** A case is not larger than one job (design.md, Parts). */
  readonly mostFrames: number;
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
  version: 3,
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
    partGapS: 600,
    longestS: 3 * 86_400,
    flagStretchS: 16,
    drivingMps: 2,
    usableHaccM: 100,
    maxStepS: 30,
    displacement: {
      limitMps: 70, jumpM: 30, haccShare: 0.5, accelMps2: 5,
      reacquisitionGapS: 5, reacquisitionHaccM: 30, reacquisitionJumpM: 80, reacquisitionS: 10,
    },
    speedAgreement: { jumpM: 36, driftMps: 1, spansS: [4, 30], lagS: 1, haccShare: 1 },
    stillness: { movingMps: 5, stretchS: 20, vibrationMps2: 0.09, averagedVibrationMps2: 0.0225, gyroRadps: 0.0022, averagedGyroRadps: 0.00055 },
    // A receiver's course over 2 s at 4 m/s or more errs by some degrees, a turn rate within its scale (3 %) and bias by 3° in 30 s.
    heading: { limitDeg: 16, haccShare: 0.5, spansS: [5, 10, 20, 30], reacquisitionGapS: 5, reacquisitionS: 10, aroundS: 32 },
    // A phone's force explains at least a tenth of what its car does, however it is held; noise of Doppler (0.1 m/s) and of slopes make the floor.
    forwardForce: { share: 0.95, floorMps2: 0.22, aroundS: 58, leastS: 20 },
    trackForce: { share: 0.8, floorMps2: 0.22, gain: 0.75, haccShare: 0.03, aroundS: 58, leastS: 20 },
    // specs/threats.md: receivers lag 0-1 s; a time stamp may stand at either end of a mean's second.
    lag: { limitS: 2.5, mostS: 20, correlation: 0.7, lead: 0.15, turningRadps: 0.015, aroundS: 32 },
    // The quietest receivers' Doppler is good to 0.03-0.05 m/s, positions differenced over a second are worse.
    receiverNoise: { limitMps: 0.02, movingMps: 3, mostStepS: 2.5, leastS: 20, coastedHaccM: 15 },
    frozen: {
      limit: 1, calmShare: 0.2, drivingMps: 5, standingMps: 0.7, reachS: 2, stretchS: 20, part: 0.35,
      vibrationMps2: 0.12, averagedVibrationMps2: 0.03, gyroRadps: 0.006, averagedGyroRadps: 0.0015,
    },
    // 64 s and 180 s. Noise of a second's velocity is about 0.4 m/s and lasts for seconds: taken twice as large, and its multiples, since multipath is no white noise.
    drift: { limitMps: 0.3, sigmas: 6.5, aroundS: [0, 58], leastS: 30, noiseMps: 0.8, haccShare: 0.05 },
    // Innovations are correlated and tails heavy, so the limits lie far over those of white noise (24 for a second is 5 standard deviations).
    filterConsistency: {
      spans: [{ spanS: 1, limit: 24, most: 30 }, { spanS: 4, limit: 16, most: 30 }, { spanS: 16, limit: 8, most: 30 }, { spanS: 64, limit: 3.5, most: 30 }, { spanS: 180, limit: 1.8, most: 6 }],
      typical: 0.1, mostLooser: 2,
    },
    framePlace: { limitM: 30, clockS: 2, haccShare: 2 },
    camera: {
      stillPercent: 35, leastChanges: 4, copiesPercent: 25, leastCopies: 4, turnDeg: 60, leastTurns: 2, contextS: 64,
      astrayPercent: 60, leastLikeness: 0.3, alikePercent: 29, leastContrast: 15, neighbourM: 13, leastWayM: 40,
    },
    context: CONTEXT_RULES,
    flagScore: 0.99,
    rejectScore: 0.999,
  },
  review: { reviewers: 1, undoS: 10, mostFrames: 200 },
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

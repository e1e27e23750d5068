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

export interface ValidateRules {
  readonly windowS: number;
  readonly strideS: number;
  /** A pause this long between positions cuts a drive into parts that are judged one by one: nothing is said of the pause. */
  readonly partGapS: number;
  /** Parts of more than this together are not judged at all: nobody drives so long, and a forged clock must cost nobody an hour of work. */
  readonly longestS: number;
  /** The smallest piece of a drive that gets a verdict of its own. */
  readonly flagStretchS: number;
  /** Above this a vehicle counts as driving; verdicts weigh driving seconds. */
  readonly drivingMps: number;
  /** A fix that is known to no better than this places nothing on a road: it is not part of the track. */
  readonly usableHaccM: number;
  /** Between fixes further apart than this nothing can be said of where the vehicle was. */
  readonly maxStepS: number;
  readonly displacement: DisplacementRules;
  readonly speedAgreement: SpeedAgreementRules;
  readonly stillness: StillnessRules;
  readonly heading: HeadingRules;
  readonly forwardForce: ForceRules;
  readonly trackForce: TrackForceRules;
  readonly lag: LagRules;
  readonly receiverNoise: ReceiverNoiseRules;
  readonly frozen: FrozenRules;
  readonly drift: DriftRules;
  readonly framePlace: FramePlaceRules;
  readonly camera: CameraRules;
  readonly context: ContextRules;
  /** A window is flagged where a check is over its limit and scores at least this, and rejected where two independent ones are and reach the second. */
  readonly flagScore: number;
  readonly rejectScore: number;
}

export interface DisplacementRules {
  /** No road vehicle is faster. */
  readonly limitMps: number;
  /** How far a receiver may jump beyond what the motion around explains, plus this share of its stated 68 % radius. */
  readonly jumpM: number;
  readonly haccShare: number;
  /** Hard braking or a hard turn. */
  readonly accelMps2: number;
  /** After a gap this long, or beside a fix this inaccurate, a receiver finds itself again: one jump up to this far, within so many seconds. */
  readonly reacquisitionGapS: number;
  readonly reacquisitionHaccM: number;
  readonly reacquisitionJumpM: number;
  readonly reacquisitionS: number;
}

export interface SpeedAgreementRules {
  /** How far positions and reported speeds may part at once, and by how much more in each second. */
  readonly jumpM: number;
  readonly driftMps: number;
  /** Short spans see jumps, long ones see positions that slide off. */
  readonly spansS: readonly number[];
  /** The reported speed may be this much late. */
  readonly lagS: number;
  readonly haccShare: number;
}

export interface StillnessRules {
  readonly movingMps: number;
  readonly stretchS: number;
  /** Less shaking than this over a whole stretch is a parked sensor: spread within a second, and of means from second to second. */
  readonly vibrationMps2: number;
  readonly averagedVibrationMps2: number;
  readonly gyroRadps: number;
  readonly averagedGyroRadps: number;
}

export interface HeadingRules {
  /** How far course and gyroscope may part over a span, and how much of the receiver's stated radius may turn the course. */
  readonly limitDeg: number;
  readonly haccShare: number;
  readonly spansS: readonly number[];
  /** After a gap this long a receiver finds itself again: its course says nothing for so many seconds. */
  readonly reacquisitionGapS: number;
  readonly reacquisitionS: number;
  /** A window is seen with so many seconds to either side. */
  readonly aroundS: number;
}

export interface ForceRules {
  /** At most this share of the accelerations' energy may go without a force, beside the sensors' own noise. */
  readonly share: number;
  readonly floorMps2: number;
  readonly aroundS: number;
  readonly leastS: number;
}

export interface TrackForceRules extends ForceRules {
  /** Acceleration of a track for each m/s² of force: a mean over a second sees a little more than positions two seconds apart. */
  readonly gain: number;
  /** Acceleration that a receiver's wandering feigns, for each metre of its stated radius. */
  readonly haccShare: number;
}

export interface LagRules {
  /** Receivers are up to this late. */
  readonly limitS: number;
  /** Lags are looked for up to here. */
  readonly mostS: number;
  /** So well must the turns fit at the lag, and so much better than at a small one. */
  readonly correlation: number;
  readonly lead: number;
  /** Less turning than this, rms, tells no lag. */
  readonly turningRadps: number;
  readonly aroundS: number;
}

export interface ReceiverNoiseRules {
  /** No receiver's velocity is steadier than this from one second to the next, three times in four. */
  readonly limitMps: number;
  readonly movingMps: number;
  readonly mostStepS: number;
  readonly leastS: number;
}

export interface FrozenRules {
  /** As lively as the calm end of the vehicle's own driving (the share of its seconds that is calmer), at so many times. */
  readonly limit: number;
  readonly calmShare: number;
  readonly drivingMps: number;
  /** The track stands: slower than this, for so many seconds around each second, and for so many seconds in all. */
  readonly standingMps: number;
  readonly reachS: number;
  readonly stretchS: number;
  /** Which of the standing seconds counts, from the calmest on: a door that is slammed is no drive. */
  readonly part: number;
  /** No vehicle drives more calmly. */
  readonly vibrationMps2: number;
  readonly averagedVibrationMps2: number;
  readonly gyroRadps: number;
  readonly averagedGyroRadps: number;
}

export interface DriftRules {
  /** A receiver's error grows by up to this much for minutes; a drift must also be told from none by so many standard deviations. */
  readonly limitMps: number;
  readonly sigmas: number;
  /** Spans: the window with so many seconds to either side. */
  readonly aroundS: readonly number[];
  readonly leastS: number;
  /** Noise of a second's sideways speed, and what each metre of the stated radius adds. */
  readonly noiseMps: number;
  readonly haccShare: number;
}

export interface FramePlaceRules {
  /** How far a picture's own position may lie from the track at its time, and how far its clock may be off. */
  readonly limitM: number;
  readonly clockS: number;
  readonly haccShare: number;
}

export interface CameraRules {
  /** While the positions move on, at least this much of what can be seen changes from picture to picture, in the median over so many pictures. */
  readonly stillPercent: number;
  readonly leastChanges: number;
  /** At most this much of a window's pictures may show what another one showed far away, and at least so many must. */
  readonly copiesPercent: number;
  readonly leastCopies: number;
  /** Turns seen by the camera and those of the track (or the gyroscope) may part by this much in all, in the window and so long before and after; asked where the camera saw at least so many stretches of four seconds well. */
  readonly turnDeg: number;
  readonly leastTurns: number;
  readonly contextS: number;
  /** Over at most this much of the window's way the pictures may go otherwise than the camera looks; pictures less alike than that say nothing of it. */
  readonly astrayPercent: number;
  readonly leastLikeness: number;
  /** Neighbouring pictures, at most so far apart and of at least this spread of grey levels, are at least this much alike in the median of a window. */
  readonly alikePercent: number;
  readonly leastContrast: number;
  readonly neighbourM: number;
  /** A window with less of a way that the camera saw is not judged by it. */
  readonly leastWayM: number;
}

/** How a drive is held against others (validate/context). The figures behind each limit stand in the tests that measure them. */
export interface ContextRules {
  /** A picture may be a copy where at most so many of the 64 bits of its look differ, and is one where its details correlate by at least so much. */
  readonly lookBits: number;
  readonly samePicture: number;
  /** So many pictures, or blocks of readings, may be alike by chance. */
  readonly copiedPictures: number;
  readonly sameBlocks: number;
  /** One's own drives of the same moment are one drive with two cameras. */
  readonly sameTimeS: number;
  /** Two drives through one street stay further apart than this when time shift, pace and a constant offset are taken away. */
  readonly trackApartM: number;
  /** An antenna or a datum may be off by this much beyond the receiver's stated accuracy. */
  readonly offsetM: number;
  /** Positions worse than this are not compared, and tracks further apart are different roads. */
  readonly usableHaccM: number;
  readonly reachM: number;
  /** A clock may be this far ahead of the server's. */
  readonly clockAheadS: number;
  /** Night and day by the sun's height, and the sky's grey (of 255) that no street has then in most of at least so many pictures. Measured by day: 101 to 171; by night no real pictures were at hand. */
  readonly nightSunDeg: number;
  readonly nightSkyGrey: number;
  readonly daySunDeg: number;
  readonly daySkyGrey: number;
  readonly fewestLit: number;
  /** Other drives read, and pictures compared with one of them and in all: a drive costs no more. */
  readonly mostDrives: number;
  readonly mostOfOneDrive: number;
  readonly mostComparisons: number;
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
    stillness: { movingMps: 5, stretchS: 20, vibrationMps2: 0.12, averagedVibrationMps2: 0.03, gyroRadps: 0.006, averagedGyroRadps: 0.0015 },
    // A receiver's course over 2 s at 4 m/s or more errs by some degrees, a turn rate within its scale (3 %) and bias by 3° in 30 s.
    heading: { limitDeg: 16, haccShare: 0.5, spansS: [5, 10, 20, 30], reacquisitionGapS: 5, reacquisitionS: 10, aroundS: 32 },
    // A phone's force explains at least a tenth of what its car does, however it is held; noise of Doppler (0.1 m/s) and of slopes make the floor.
    forwardForce: { share: 0.95, floorMps2: 0.22, aroundS: 58, leastS: 20 },
    trackForce: { share: 0.8, floorMps2: 0.22, gain: 0.75, haccShare: 0.03, aroundS: 58, leastS: 20 },
    // specs/threats.md: receivers lag 0-1 s; a time stamp may stand at either end of a mean's second.
    lag: { limitS: 2.5, mostS: 20, correlation: 0.7, lead: 0.15, turningRadps: 0.015, aroundS: 32 },
    // The quietest receivers' Doppler is good to 0.03-0.05 m/s, positions differenced over a second are worse.
    receiverNoise: { limitMps: 0.02, movingMps: 3, mostStepS: 2.5, leastS: 20 },
    frozen: {
      limit: 1, calmShare: 0.2, drivingMps: 5, standingMps: 0.7, reachS: 2, stretchS: 20, part: 0.35,
      vibrationMps2: 0.12, averagedVibrationMps2: 0.03, gyroRadps: 0.006, averagedGyroRadps: 0.0015,
    },
    // 64 s and 180 s. Noise of a second's velocity is about 0.4 m/s and lasts for seconds: taken twice as large, and its multiples, since multipath is no white noise.
    drift: { limitMps: 0.3, sigmas: 6.5, aroundS: [0, 58], leastS: 30, noiseMps: 0.8, haccShare: 0.05 },
    framePlace: { limitM: 30, clockS: 2, haccShare: 2 },
    camera: {
      stillPercent: 35, leastChanges: 4, copiesPercent: 25, leastCopies: 4, turnDeg: 60, leastTurns: 2, contextS: 64,
      astrayPercent: 60, leastLikeness: 0.3, alikePercent: 29, leastContrast: 15, neighbourM: 13, leastWayM: 40,
    },
    context: {
      lookBits: 14, samePicture: 0.92, copiedPictures: 2, sameBlocks: 2, sameTimeS: 2, trackApartM: 0.6, offsetM: 5,
      usableHaccM: 30, reachM: 80, clockAheadS: 120, nightSunDeg: -12, nightSkyGrey: 100, daySunDeg: 10, daySkyGrey: 60, fewestLit: 10,
      mostDrives: 24, mostOfOneDrive: 200, mostComparisons: 1000,
    },
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

import type { ContextRules } from './context-rules.ts';

/** The part of the recipe that Validate goes by. Units in names; limits are physical. */
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
  readonly filterConsistency: FilterConsistencyRules;
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
  /** A stated radius beyond this that grows by the second is a receiver's that goes on without satellites. */
  readonly coastedHaccM: number;
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

export interface FilterSpanRules {
  readonly spanS: number;
  readonly limit: number;
  /** A squared innovation counts as no more: in a span that looks beyond the window a leap must not accuse its neighbours. */
  readonly most: number;
}

export interface FilterConsistencyRules {
  /** Mean squared innovation a degree of freedom over each span: short ones see jumps, long ones a model that never fits. */
  readonly spans: readonly FilterSpanRules[];
  /** Drives that are typically noisier than this have limits that are looser in proportion, to so many times. */
  readonly typical: number;
  readonly mostLooser: number;
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

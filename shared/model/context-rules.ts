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

// No real pictures taken by night were at hand, and how bright a lit street may be is not known: 256 asks nothing of them.
export const CONTEXT_RULES: ContextRules = {
  lookBits: 14, samePicture: 0.92, copiedPictures: 2, sameBlocks: 2, sameTimeS: 2, trackApartM: 0.6, offsetM: 5,
  usableHaccM: 30, reachM: 80, clockAheadS: 120, nightSunDeg: -12, nightSkyGrey: 256, daySunDeg: 10, daySkyGrey: 60, fewestLit: 10,
  mostDrives: 24, mostOfOneDrive: 60, mostComparisons: 300,
};

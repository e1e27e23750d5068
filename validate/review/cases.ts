/** A judged frame as the cutting of cases sees it. */
export interface JudgedFrame {
  readonly key: bigint;
  readonly isFlagged: boolean;
  /** It waits in a case already. */
  readonly isWaiting: boolean;
  readonly isPrivate: boolean;
  readonly capturedS: number;
}

export interface CaseLimits {
  /** Frames further apart than a window have no evidence in common. */
  readonly windowS: number;
  readonly mostFrames: number;
}

/**
 * Cuts a drive's frames, in time order, into the stretches that people decide on: consecutive flagged frames. A stretch
 * of private frames alone is nobody's to look at: it fills no cell and earns nothing, so it waits for no one.
 */
export function stretchesToReview<Frame extends JudgedFrame>(frames: readonly Frame[], { windowS, mostFrames }: CaseLimits): readonly (readonly Frame[])[] {
  const stretches: Frame[][] = [];
  let last: Frame | null = null;
  for (const frame of frames) {
    const isOpen = frame.isFlagged && !frame.isWaiting;
    const stretch = stretches.at(-1);
    const goesOn = stretch !== undefined && last !== null && stretch.length < mostFrames && frame.capturedS - last.capturedS <= windowS;
    if (isOpen && goesOn) stretch.push(frame);
    else if (isOpen) stretches.push([frame]);
    last = isOpen ? frame : null;
  }
  return stretches.filter((stretch) => stretch.some(({ isPrivate }) => !isPrivate));
}

import type { Drive, Frame } from '../../shared/model/drive.ts';
import { isTelling, lookDistance, lookOf } from '../../shared/model/look.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import type { ContextDrive, ContextFrame } from './context-drive.ts';
import { type ContextFinding, joined, moment } from './finding.ts';
import { sameness } from './same-picture.ts';

/** The same bytes under another account: those frames are dropped anyway, and speak for the pictures around them. */
export function heldImagery(drive: Drive, drives: readonly ContextDrive[], { copiedPictures }: ContextRules): readonly ContextFinding[] {
  if (drive.frames.length === 0) return [];
  const held = drives.filter(({ contributor }) => contributor !== null).map((other) => {
    const ids = new Set(other.frames.map(({ id }) => id));
    return drive.frames.filter(({ id }) => ids.has(id));
  });
  const most = held.reduce((best, these) => (these.length > best.length ? these : best), []);
  return [{
    check: 'same-imagery', reason: 'imagery_held', measured: most.length, limit: copiedPictures, unit: 'pictures', bound: 'upper',
    spans: most.length > copiedPictures ? joined(most.map(({ capturedAt }) => moment(capturedAt))) : [],
    channels: ['camera', 'drive'], isCertain: true,
  }];
}

/** Pictures that another drive shows too, encoded again, made smaller or cut a little. One line for others' drives, one for one's own. */
export async function copiedImagery(drive: Drive, drives: readonly ContextDrive[], rules: ContextRules): Promise<readonly ContextFinding[]> {
  if (!drive.frames.some(({ grey }) => grey !== undefined)) return [];
  const budget = { left: rules.mostComparisons };
  const others = await mostCopies(drive, drives.filter(({ contributor }) => contributor !== null), rules, budget);
  const own = await mostCopies(drive, drives.filter(({ contributor }) => contributor === null), rules, budget);
  return [finding('copied-imagery', others, rules), finding('own-imagery', own, rules)];
}

function finding(check: 'copied-imagery' | 'own-imagery', copies: readonly Frame[], { copiedPictures }: ContextRules): ContextFinding {
  return {
    check,
    reason: check === 'copied-imagery' ? 'imagery_copied' : 'own_drive_again',
    measured: copies.length, limit: copiedPictures, unit: 'pictures', bound: 'upper',
    spans: copies.length > copiedPictures ? joined(copies.map(({ capturedAt }) => moment(capturedAt))) : [],
    channels: ['camera', 'drive'], isCertain: false,
  };
}

/** Comparisons of pixels that may still be made: a drive must not cost more work than it is worth. */
interface Budget {
  left: number;
}

async function mostCopies(drive: Drive, drives: readonly ContextDrive[], rules: ContextRules, budget: Budget): Promise<readonly Frame[]> {
  let best: readonly Frame[] = [];
  for (const other of drives) {
    const copies = await copiesOf(drive.frames, other, rules, budget);
    if (copies.length > best.length) best = copies;
  }
  return best;
}

interface Alike {
  readonly frame: Frame;
  readonly grey: Uint8Array;
  readonly n: number;
}

async function copiesOf(frames: readonly Frame[], other: ContextDrive, { lookBits, samePicture, mostOfOneDrive }: ContextRules, budget: Budget): Promise<readonly Frame[]> {
  const alike = frames.flatMap((frame): readonly Alike[] => {
    if (frame.grey === undefined) return [];
    const look = lookOf(frame.grey);
    const n = isTelling(look) ? nearest(other.frames, (theirs) => lookDistance(look, theirs.look)) : null;
    return n === null || lookDistance(look, other.frames[n]!.look) > lookBits ? [] : [{ frame, grey: frame.grey, n }];
  });
  const each = Math.max(1, alike.length / mostOfOneDrive);
  const compared: { readonly frame: Frame; readonly isSame: boolean }[] = [];
  for (let k = 0; k < alike.length && budget.left > 0; k += each) {
    const { frame, grey, n } = alike[Math.floor(k)]!;
    budget.left -= 1;
    compared.push({ frame, isSame: await isCopy(grey, other.frames, n, samePicture) });
  }
  return compared.filter(({ isSame }, n) => isSame && isAmongCopies(compared, n)).map(({ frame }) => frame);
}

/** Two cars at nearly one place take nearly one picture now and then; copies come one after the other. */
const RUN = 5;
const COPIES_OF_RUN = 4;

function isAmongCopies(compared: readonly { readonly isSame: boolean }[], n: number): boolean {
  return Array.from({ length: RUN }, (_, k) => n - k).some((from) => from >= 0 && compared.slice(from, from + RUN).filter(({ isSame }) => isSame).length >= COPIES_OF_RUN);
}

function nearest(frames: readonly ContextFrame[], distance: (frame: ContextFrame) => number): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (const [n, frame] of frames.entries()) {
    const here = distance(frame);
    if (here >= least) continue;
    least = here;
    best = n;
  }
  return best;
}

/** How far away in the other drive a picture is taken from that must NOT look the same. */
const ELSEWHERE = 4;

/** What is the same in all pictures of a camera (a bonnet at night, a fogged window) proves no copy. */
async function isCopy(grey: Uint8Array, theirs: readonly ContextFrame[], n: number, samePicture: number): Promise<boolean> {
  const same = await theirs[n]!.grey();
  if (same === null || sameness(grey, same, samePicture) < samePicture) return false;
  const elsewhere = await theirs[n >= ELSEWHERE ? n - ELSEWHERE : Math.min(theirs.length - 1, n + ELSEWHERE)]!.grey();
  return theirs.length === 1 || elsewhere === null || sameness(grey, elsewhere, samePicture) < samePicture;
}

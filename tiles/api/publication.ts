import type { Account } from '../../shared/io/accounts.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { FrameState } from '../../shared/model/frame-state.ts';

/** `blur`: pictures of real uploads wait for blurring. `publish-unblurred`: the operator answers for them as they are. */
export type Privacy = 'blur' | 'publish-unblurred';

/** What decides who may see a frame and its picture. */
export interface Publication {
  readonly state: FrameState;
  readonly private: boolean;
  readonly accountId: string;
  readonly demo: boolean;
}

/** On the map, for everybody. */
export function isPublic({ state, private: hidden }: Publication): boolean {
  return state === 'accepted' && !hidden;
}

/** Its owner, or a validator, who has to see what is to be judged; a demo frame is simulated and nobody's, so everybody. */
export function isInsider({ accountId, demo }: Publication, account: Account | null): boolean {
  if (demo) return true;
  return account !== null && (account.id === accountId || account.roles.includes('validator'));
}

/** Demo pictures are rendered: they show nobody. */
export function isPicturePublic(frame: Publication, privacy: Privacy): boolean {
  return isPublic(frame) && (frame.demo || privacy === 'publish-unblurred');
}

/** Throws unless `account` may know of the frame: 410 where it was withdrawn or taken down, else 404 as for none at all. */
export function refuseUnseen<Frame extends Publication>(frame: Frame | null, account: Account | null): asserts frame is Frame {
  if (frame === null) throw noSuchFrame();
  if (frame.state === 'withdrawn' || frame.state === 'taken_down') {
    throw new Problem({
      status: 410,
      type: frame.state === 'withdrawn' ? 'frame_withdrawn' : 'frame_taken_down',
      title: frame.state === 'withdrawn' ? 'Withdrawn by its contributor' : 'Taken down',
    });
  }
  if (!isPublic(frame) && !isInsider(frame, account)) throw noSuchFrame();
}

export function noSuchFrame(): Problem {
  return new Problem({ status: 404, type: 'frame_unknown', title: 'No such frame' });
}

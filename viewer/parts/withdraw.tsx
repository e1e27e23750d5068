import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { announce } from '../announce.ts';
import type { DriveFrame, DriveSummary } from '../answers.ts';
import { type Refused, send } from '../api.ts';
import { go } from '../navigation.ts';
import { tried } from '../tried.ts';
import { say } from '../words.ts';
import { TwoStep } from './two-step.tsx';

/** Takes a frame of one's own drive back, in two steps; nothing where there is nothing to take back. */
export function WithdrawFrame({ drive, frame, done }: { readonly drive: DriveSummary; readonly frame: DriveFrame; readonly done: () => void }): JSX.Element | null {
  const [refused, setRefused] = useState<Refused | null>(null);
  if (drive.demo || drive.state !== 'judged' || frame.id === null || isOut(frame)) return null;
  const run = async (): Promise<void> => {
    if ((await tried(send('DELETE', `/api/drives/${drive.id}/frames/${frame.id}`).then(() => true), setRefused)) === null) return;
    announce(say('withdraw.frame.done'));
    done();
  };
  return (
    <div class="withdraw">
      <TwoStep key={frame.path} ask={say('withdraw.frame')} confirm={say('withdraw.confirm')} run={run}>{say('withdraw.frame.text')}</TwoStep>
      {refused !== null && <p class="wrong" role="alert">{refused.message}</p>}
    </div>
  );
}

/** Takes a whole drive of one's own back, in two steps. */
export function WithdrawDrive({ drive, done }: { readonly drive: DriveSummary; readonly done: () => void }): JSX.Element | null {
  const [refused, setRefused] = useState<Refused | null>(null);
  const frames = drive.counts.received - drive.counts.withdrawn - (drive.counts.taken_down ?? 0);
  const isOpen = drive.state === 'open';
  // While it is being checked the server would ask to wait; where nothing is left, there is nothing to take back.
  if (drive.demo || drive.state === 'processing' || (!isOpen && frames <= 0)) return null;
  const run = async (): Promise<void> => {
    if ((await tried(send('DELETE', `/api/drives/${drive.id}`).then(() => true), setRefused)) === null) return;
    announce(say('withdraw.drive.done'));
    if (isOpen) go({ page: 'drives' });
    else done();
  };
  return (
    <section class="withdraw" aria-label={say('withdraw.drive')}>
      <TwoStep ask={say('withdraw.drive')} confirm={say('withdraw.confirm')} run={run}>{isOpen ? say('withdraw.drive.open') : say('withdraw.drive.text', { frames })}</TwoStep>
      {refused !== null && <p class="wrong" role="alert">{refused.message}</p>}
    </section>
  );
}

function isOut({ state }: DriveFrame): boolean {
  return state === 'withdrawn' || state === 'taken_down';
}

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DriveSummary } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { DriveNote, DriveState } from '../parts/drive-state.tsx';
import { FileList } from '../parts/file-list.tsx';
import { ForRole } from '../parts/for-role.tsx';
import { SumLine } from '../parts/sum-line.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { UploadChoices } from '../parts/upload-choices.tsx';
import { choose, outgoing, phase, sendingTrouble, sentDrive } from '../sending.ts';
import { say } from '../words.ts';

const FOLLOW_MS = 2000;

/** Sending a drive: choose, check, send, and what became of it. */
export function UploadPage(): JSX.Element {
  return <ForRole role="contributor"><Upload /></ForRole>;
}

function Upload(): JSX.Element {
  const step = phase.value;
  const busy = step === 'checking' || step === 'sending' || step === 'closing';
  useEffect(() => {
    if (!busy) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [busy]);
  return (
    <main id="main" class="page upload-page">
      <h1 tabIndex={-1}>{say('page.upload')}</h1>
      <p class="muted">{say('upload.text')}</p>
      {sendingTrouble.value !== null && <Trouble refused={sendingTrouble.value} again={() => { phase.value = 'choose'; sendingTrouble.value = null; }} />}
      {(step === 'choose' || step === 'stopped') && <UploadChoices />}
      {step !== 'choose' && <Progress />}
      {step === 'done' && sentDrive.value !== null && <Result id={sentDrive.value} />}
      {outgoing.value.length > 0 && <FileList />}
    </main>
  );
}

function Progress(): JSX.Element {
  const files = outgoing.value;
  const step = phase.value;
  const done = files.filter(({ state, digest }) => (step === 'checking' ? digest !== null || state === 'failed' : state === 'stored')).length;
  const failed = files.filter(({ state }) => state === 'failed').length;
  return (
    <section class="card account-card" aria-label={say('upload.progress')}>
      <h2>{say(`upload.phase.${step}`)}</h2>
      <progress max={Math.max(1, files.length)} value={done} aria-label={say('upload.progress')} />
      <p class="number-line">{say('upload.done', { done, files: files.length })}{failed > 0 && <> · <strong>{say('upload.failed', { files: failed })}</strong></>}</p>
      {step !== 'done' && <p class="muted small">{say('upload.safe')}</p>}
    </section>
  );
}

function Result({ id }: { readonly id: string }): JSX.Element | null {
  const { answer, again } = useAsked<DriveSummary>(`/api/drives/${id}`);
  const isWorking = answer !== null && (answer.state === 'processing' || answer.counts.processing > 0);
  useEffect(() => {
    if (!isWorking) return undefined;
    const soon = setTimeout(again, FOLLOW_MS);
    return () => clearTimeout(soon);
  }, [isWorking, answer]);
  if (answer === null) return <div class="skeleton drive-row" />;
  return (
    <section class="card account-card" aria-labelledby="result-title">
      <h2 id="result-title"><a href={`/drives/${id}`}>{answer.name}</a></h2>
      <p><DriveState drive={answer} /></p>
      <SumLine counts={answer.counts} />
      <DriveNote drive={answer} />
      <p class="actions"><a class="button primary" href={`/drives/${id}`}>{say('upload.open')}</a><button onClick={() => choose([])}>{say('upload.another')}</button></p>
    </section>
  );
}

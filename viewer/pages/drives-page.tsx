import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DrivesAnswer } from '../answers.ts';
import { ask } from '../api.ts';
import { useAsked } from '../asked.ts';
import { DriveRow } from '../parts/drive-row.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { SumLine } from '../parts/sum-line.tsx';
import { totalOf } from '../sum.ts';
import { say } from '../words.ts';

/** All that the reader has sent, newest first. */
export function DrivesPage(): JSX.Element {
  return <SignedIn><Drives /></SignedIn>;
}

function Drives(): JSX.Element {
  const { answer, refused, again } = useAsked<DrivesAnswer>('/api/me/drives');
  const [more, setMore] = useState<DrivesAnswer | null>(null);
  if (refused !== null && answer === null) return <RefusedPage refused={refused} again={again} />;
  const drives = [...(answer?.drives ?? []), ...(more?.drives ?? [])];
  const next = more === null ? (answer?.next ?? null) : more.next;
  const loadMore = async (): Promise<void> => {
    const page = await ask<DrivesAnswer>(`/api/me/drives?before=${encodeURIComponent(next ?? '')}`);
    setMore({ drives: [...(more?.drives ?? []), ...page.drives], next: page.next });
  };
  return (
    <main id="main" class="page">
      <h1 tabIndex={-1}>{say('drives.title')}</h1>
      {answer === null && [1, 2, 3].map((row) => <div key={row} class="skeleton drive-row" />)}
      {answer !== null && drives.length === 0 && <NoDrives />}
      {drives.length > 1 && <section class="all-drives" aria-label={say('drives.sum')}><h2>{say('drives.sum')}</h2><SumLine counts={totalOf(drives.map(({ counts }) => counts))} /></section>}
      <ul class="drive-list">{drives.map((drive) => <li key={drive.id}><DriveRow drive={drive} /></li>)}</ul>
      {next !== null && <p><button onClick={() => void loadMore()}>{say('drives.more')}</button></p>}
    </main>
  );
}

function NoDrives(): JSX.Element {
  return (
    <section class="card nothing">
      <h2>{say('drives.none')}</h2>
      <p class="muted">{say('drives.none.text')}</p>
      <p><code>{say('drives.none.command')}</code> <CopyButton text={say('drives.none.command')} /></p>
    </section>
  );
}

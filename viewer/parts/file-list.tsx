import type { JSX } from 'preact';
import { type Outgoing, outgoing } from '../sending.ts';
import { bytesText, percentText } from '../quantities.ts';
import { say } from '../words.ts';

const ROWS = 60;
const ORDER = { failed: 0, sending: 1, waiting: 2, checked: 2, stored: 3 } as const;

/** Every file with where it stands; trouble first, then what is on its way. Of thousands, only those are in the page. */
export function FileList(): JSX.Element {
  const files = outgoing.value.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <section class="card file-list" aria-labelledby="files-title">
      <h2 id="files-title">{say('upload.files', { files: files.length })}</h2>
      <ul>{files.slice(0, ROWS).map((one) => <Row key={one.path} {...one} />)}</ul>
      {files.length > ROWS && <p class="muted small">{say('upload.files.more', { files: files.length - ROWS })}</p>}
    </section>
  );
}

function Row({ path, file, state, share, wrong }: Readonly<Outgoing>): JSX.Element {
  const known = wrong === 'unreadable' || wrong === 'unreachable' ? say(`upload.wrong.${wrong}`) : wrong;
  return (
    <li class={`file ${state}`}>
      <span class="path" title={path}>{path}</span>
      <span class="muted number">{bytesText(file.size)}</span>
      <span class="state">{say(`upload.state.${state}`)}{state === 'sending' && ` ${percentText(share)}`}</span>
      {state === 'sending' && <span class="bar" aria-hidden="true"><span class="value" style={{ inlineSize: `${share * 100}%` }} /></span>}
      {known !== null && <span class="why">{known}</span>}
    </li>
  );
}

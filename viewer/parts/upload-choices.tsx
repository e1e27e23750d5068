import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { DEFAULT_LICENCE } from '../../shared/model/licence.ts';
import { nameOf, pickedFrom, dropped } from '../picked.ts';
import { type Announcement, choose, outgoing, sendAll } from '../sending.ts';
import { bytesText } from '../quantities.ts';
import { config } from '../street.ts';
import { say } from '../words.ts';

/** All of a folder, which the types of Preact do not know yet. */
const FOLDER = { webkitdirectory: true };

/** What to send, and what its sender says of it. */
export function UploadChoices(): JSX.Element {
  const [name, setName] = useState('');
  const [licence, setLicence] = useState<string>(DEFAULT_LICENCE);
  const [isTrimmed, setTrimmed] = useState(true);
  const [start, setStart] = useState('');
  const [interval, setInterval] = useState('');
  const files = outgoing.value;
  const isHalf = (start === '') !== (interval === '');
  const assert: Announcement['assert'] = start === '' || interval === '' ? null : { start: new Date(start).toISOString(), intervalS: Number(interval) };
  const take = (list: FileList | null): void => {
    if (list === null || list.length === 0) return;
    setName(nameOf(list));
    choose(pickedFrom(list));
  };
  return (
    <form class="upload-form" onSubmit={(event) => { event.preventDefault(); void sendAll({ name, licence, trim: isTrimmed ? null : 0, assert }); }}>
      <section class="card drop" onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); if (event.dataTransfer !== null) void dropped(event.dataTransfer).then(choose); }}>
        <h2>{files.length === 0 ? say('upload.drop') : say('upload.chosen', { files: files.length, size: bytesText(files.reduce((sum, { file }) => sum + file.size, 0)) })}</h2>
        <p class="muted">{say('upload.formats')}</p>
        <p class="actions">
          <label class="button pick">{say('upload.folder')}<input type="file" {...FOLDER} multiple onChange={({ currentTarget }) => take(currentTarget.files)} /></label>
          <label class="button pick">{say('upload.some')}<input type="file" multiple onChange={({ currentTarget }) => take(currentTarget.files)} /></label>
        </p>
      </section>
      {files.length > 0 && (
        <section class="card account-card upload-say">
          <label class="choice"><span>{say('upload.name')}</span><input type="text" maxLength={120} value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} /></label>
          <fieldset>
            <legend>{say('upload.trim')}</legend>
            <label class="tick"><input type="radio" name="trim" checked={isTrimmed} onChange={() => setTrimmed(true)} /><span>{say('upload.trim.some')}<small class="muted">{say('upload.trim.some.text')}</small></span></label>
            <label class="tick"><input type="radio" name="trim" checked={!isTrimmed} onChange={() => setTrimmed(false)} /><span>{say('upload.trim.none')}<small class="muted">{say('upload.trim.none.text')}</small></span></label>
          </fieldset>
          <label class="choice"><span>{say('licence')}</span>
            <select value={licence} onChange={({ currentTarget }) => setLicence(currentTarget.value)}>{Object.entries(config.value?.licences ?? {}).map(([code, { title }]) => <option key={code} value={code}>{title}</option>)}</select>
          </label>
          <details class="receipt">
            <summary>{say('upload.assert')}</summary>
            <p class="muted">{say('upload.assert.text')}</p>
            <p class="actions">
              <label class="choice"><span>{say('upload.assert.start')}</span><input type="datetime-local" step={1} value={start} onInput={({ currentTarget }) => setStart(currentTarget.value)} /></label>
              <label class="choice"><span>{say('upload.assert.interval')}</span><input type="number" min={0.001} max={86_400} step="any" value={interval} onInput={({ currentTarget }) => setInterval(currentTarget.value)} /></label>
            </p>
            {isHalf && <p class="wrong">{say('upload.assert.both')}</p>}
          </details>
          <p class="actions"><button class="primary" type="submit" disabled={isHalf}>{say('upload.send', { files: files.length })}</button></p>
        </section>
      )}
    </form>
  );
}

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { FrameAnswer } from '../answers.ts';
import { useKeys } from '../keys.ts';
import { nearnessOf } from '../nearness.ts';
import { inReadingOrder } from '../reasons.ts';
import { pointsText } from '../quantities.ts';
import { config } from '../street.ts';
import { say } from '../words.ts';
import { CheckList } from './check-list.tsx';
import { CopyButton } from './copy-button.tsx';
import { Facts } from './facts.tsx';
import { LicenceLine } from './licence-line.tsx';
import { ReasonList } from './reason-list.tsx';
import { VerdictChip } from './verdict-chip.tsx';
import { statusOf } from '../status.ts';

const checksShown = signal(true);

/** The verdict on a frame, and the line behind it. */
export function FrameAside({ frame }: { readonly frame: FrameAnswer }): JSX.Element {
  useKeys([{ keys: ['i'], words: 'keys.checks', run: () => { checksShown.value = !checksShown.value; } }]);
  const status = statusOf(frame.state);
  return (
    <aside class="frame-aside" aria-labelledby="verdict-title">
      <section>
        <h2 id="verdict-title" class="verdict"><VerdictChip status={status} />{frame.tier !== null && <abbr class="tier" title={say(`tier.${frame.tier}`)}>{frame.tier}</abbr>}</h2>
        <p>{summaryOf(frame)}</p>
        {frame.tier !== null && <p class="muted small">{say('frame.tier')} {say(`tier.${frame.tier}`)}</p>}
        {typeof frame.points === 'string' && <p>{say('frame.points')} <strong class="number">{say('frame.points.value', { points: pointsText(frame.points) })}</strong></p>}
        {frame.reasons.length > 0 && <ReasonList codes={inReadingOrder(frame.reasons)} />}
      </section>
      {checksShown.value && (
        <section aria-labelledby="checks-title">
          <h2 id="checks-title">{say('checks.title')}</h2>
          <CheckList checks={frame.checks} />
        </section>
      )}
      {frame.receipt !== null && <Receipt receipt={frame.receipt} />}
      <LicenceLine licences={[frame.licence]} attribution={frame.attribution} config={config.value} />
    </aside>
  );
}

function summaryOf(frame: FrameAnswer): string {
  const status = statusOf(frame.state);
  if (status !== 'accepted') return say(`verdict.${status}`);
  const close = frame.checks.filter((check) => nearnessOf(check) === 'close').length;
  return close === 0 ? say('verdict.accepted', { checks: frame.checks.length }) : say('verdict.accepted.close', { checks: frame.checks.length, close });
}

function Receipt({ receipt }: { readonly receipt: NonNullable<FrameAnswer['receipt']> }): JSX.Element {
  return (
    <details class="receipt">
      <summary>{say('receipt.title')}</summary>
      <p class="muted">{say('receipt.text')}</p>
      <Facts facts={[
        [say('receipt.recipe'), String(receipt.recipe)],
        [say('receipt.provider'), receipt.provider],
        [say('receipt.input'), <span key="input"><code>{receipt.inputSha256.slice(0, 16)}…</code> <CopyButton text={receipt.inputSha256} /></span>],
        [say('receipt.model'), receipt.modelSha256 === null ? say('receipt.rules') : <span key="model"><code>{receipt.modelSha256.slice(0, 16)}…</code> <CopyButton text={receipt.modelSha256} /></span>],
      ]} />
    </details>
  );
}

import type { JSX } from 'preact';
import type { PaidFrame } from '../money-answers.ts';
import { instantText } from '../dates.ts';
import { pointsText, qualityText } from '../quantities.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

type Line = PaidFrame & { readonly amount?: string };

const OCTANTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

/** The frames behind an amount: what each is, and every factor that its points are the product of. */
export function PaidFrames({ lines }: { readonly lines: readonly Line[] }): JSX.Element {
  return (
    <section aria-labelledby="paid-title">
      <h2 id="paid-title">{say('why.frames')}</h2>
      <ol class="paid-frames">{lines.map((line, n) => <li key={line.frame?.id ?? n} class="card paid-frame"><Paid line={line} /></li>)}</ol>
    </section>
  );
}

function Paid({ line }: { readonly line: Line }): JSX.Element {
  const { frame, factors, place, amount, microPoints } = line;
  return (
    <>
      <h3>
        {frame === null
          ? say('why.frame.gone')
          : <><a href={hrefOf({ page: 'frame', id: frame.id })}>{frame.capturedAt === null ? say('why.frame') : instantText(frame.capturedAt)}</a> · <a href={hrefOf({ page: 'drive', id: frame.driveId, frame: null, show: 'all' })}>{frame.drive}</a></>}
      </h3>
      <dl class="equation">
        {factors !== null && <Factors factors={factors} />}
        <div class="result"><dt>{say('why.points')}</dt><dd class="number"><span aria-hidden="true">= </span>{pointsText(microPoints)}</dd></div>
        {amount !== undefined && <div class="result"><dt>{say('why.amount')}</dt><dd class="number"><span aria-hidden="true">→ </span>{pointsText(amount)}</dd></div>}
      </dl>
      {place !== null && <p class="muted small">{say('why.place')} <code>{place.h3}</code>, {place.octant < 0 ? say('why.place.round') : say(`compass.${OCTANTS[place.octant] ?? 'n'}.long`)}</p>}
    </>
  );
}

function Factors({ factors }: { readonly factors: NonNullable<PaidFrame['factors']> }): JSX.Element {
  const { potMicroPoints, refillDays, refillOfDays, rank, share, shareOf, qualityPpm, tierHalves } = factors;
  const who = rank === null ? say('why.rank.none') : share === shareOf ? say('why.rank.alone') : say('why.rank', { rank });
  return (
    <>
      <div><dt>{say('why.pot', { days: refillDays, of: refillOfDays })}</dt><dd class="number">{pointsText(potMicroPoints)}</dd></div>
      <div><dt>{who}</dt><dd class="number"><span aria-hidden="true">× </span>{share}/{shareOf}</dd></div>
      <div><dt>{say(qualityPpm === null ? 'why.quality.unknown' : 'why.quality')}</dt><dd class="number"><span aria-hidden="true">× </span>{qualityText(qualityPpm ?? 1e6)}</dd></div>
      <div><dt>{say('why.tier')}</dt><dd class="number"><span aria-hidden="true">× </span>{tierHalves === 1 ? '1/2' : String(tierHalves / 2)}</dd></div>
    </>
  );
}

import type { JSX } from 'preact';
import { isReasonCode, REASONS, type ReasonCode } from '../../shared/model/reason.ts';
import { reasonWords } from '../reasons.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';
import { Notice } from './missing-page.tsx';

const STAGES = ['ingest', 'validate', 'tiles'] as const;

/** All reasons that the network can give, or one of them. */
export function ReasonsPage({ code }: { readonly code: string | null }): JSX.Element {
  if (code === null) return <AllReasons />;
  if (!isReasonCode(code)) return <Notice sign="?" title={say('reasons.unknown.title')} text={say('reasons.unknown.text')} />;
  const { sentence, remedy } = reasonWords(code);
  return (
    <main id="main" class="page narrow-page">
      <p class="muted">{say(`reasons.stage.${REASONS[code]}`)} · <code>{code}</code></p>
      <h1 tabIndex={-1}>{sentence}</h1>
      <section class="card note"><h2>{say('reasons.do')}</h2><p>{remedy}</p></section>
      <p><a href="/reasons">{say('reasons.all')}</a></p>
    </main>
  );
}

function AllReasons(): JSX.Element {
  return (
    <main id="main" class="page">
      <h1 tabIndex={-1}>{say('reasons.title')}</h1>
      <p class="muted">{say('reasons.text')}</p>
      {STAGES.map((stage) => (
        <section key={stage} aria-labelledby={`stage-${stage}`}>
          <h2 id={`stage-${stage}`}>{say(`reasons.stage.${stage}`)}</h2>
          <dl class="reason-table">
            {codesOf(stage).map((code) => {
              const { sentence, remedy } = reasonWords(code);
              return <div key={code}><dt><a href={hrefOf({ page: 'reasons', code })}>{sentence}</a></dt><dd class="muted">{remedy}</dd></div>;
            })}
          </dl>
        </section>
      ))}
    </main>
  );
}

function codesOf(stage: (typeof STAGES)[number]): readonly ReasonCode[] {
  return (Object.keys(REASONS) as ReasonCode[]).filter((code) => REASONS[code] === stage);
}

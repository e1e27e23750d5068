import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { announce } from '../announce.ts';
import type { TokensAnswer } from '../answers.ts';
import { type Refused, send } from '../api.ts';
import { useAsked } from '../asked.ts';
import { instantText } from '../dates.ts';
import { go } from '../navigation.ts';
import { signOut } from '../session.ts';
import { tried } from '../tried.ts';
import { say } from '../words.ts';
import { Once } from './once.tsx';
import { Trouble } from './trouble.tsx';
import { TwoStep } from './two-step.tsx';

const MOST_LETTERS = 80;

/** The reader's tokens: which work, a new one, and the end of one. */
export function TokenList(): JSX.Element {
  const { answer, refused, again } = useAsked<TokensAnswer>('/api/me/tokens');
  const [label, setLabel] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Refused | null>(null);
  const make = async (): Promise<void> => {
    const answer = await tried(send<{ readonly token: string }>('POST', '/api/me/tokens', { label: label.trim() }), setTrouble);
    if (answer === null) return;
    setMade(answer.token);
    setLabel('');
    again();
  };
  const end = async (one: TokensAnswer['tokens'][number]): Promise<void> => {
    if ((await tried(send('DELETE', `/api/me/tokens/${one.id}`).then(() => true), setTrouble)) === null) return;
    announce(say('token.ended'));
    if (!one.isCurrent) again();
    else {
      signOut();
      go({ page: 'sign-in', to: '/account' });
    }
  };
  return (
    <section class="card account-card" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{say('token.title')}</h2>
      <p class="muted">{say('token.text')}</p>
      {refused !== null && <Trouble refused={refused} again={again} />}
      {trouble !== null && <p class="wrong" role="alert">{trouble.message}</p>}
      {answer === null && refused === null && <div class="skeleton" />}
      <ul class="token-list">
        {answer?.tokens.map((one) => (
          <li key={one.id}>
            <p><strong>{one.label === '' ? say('token.unnamed') : one.label}</strong>{one.isCurrent && <span class="badge">{say('token.current')}</span>}</p>
            <p class="muted small"><code>{one.id}</code> · {say('token.made', { at: instantText(one.createdAt) })}</p>
            <TwoStep ask={say('token.end')} confirm={say('token.end')} run={() => end(one)}>{say(one.isCurrent ? 'token.end.current' : 'token.end.text')}</TwoStep>
          </li>
        ))}
      </ul>
      {made !== null
        ? <Once title={say('token.new')} text={say('token.new.text')} secret={made} what={say('token.new')} done={() => setMade(null)} />
        : (
          <form class="actions" onSubmit={(event) => { event.preventDefault(); void make(); }}>
            <label class="choice"><span>{say('token.label')}</span><input type="text" maxLength={MOST_LETTERS} value={label} placeholder={say('token.label.example')} onInput={({ currentTarget }) => setLabel(currentTarget.value)} /></label>
            <button type="submit">{say('token.make')}</button>
          </form>
        )}
    </section>
  );
}

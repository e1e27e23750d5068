import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Me } from '../answers.ts';
import { type Refused, send } from '../api.ts';
import { replaceWith } from '../navigation.ts';
import { Once } from '../parts/once.tsx';
import { signIn } from '../session.ts';
import { tried } from '../tried.ts';
import { say } from '../words.ts';

const INVITE = /wpi_[a-z0-9]+_[\w-]+/;
const MOST_LETTERS = 80;

interface Welcome {
  readonly account: Me;
  readonly token: string;
}

/** Accepting an invite: a name, then the token that is shown only once, and one is signed in. */
export function InvitePage(): JSX.Element {
  const [link, setLink] = useState(location.hash);
  const [name, setName] = useState('');
  const [keeps, setKeeps] = useState(true);
  const [welcome, setWelcome] = useState<Welcome | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const invite = INVITE.exec(link)?.[0] ?? null;
  const accept = async (): Promise<void> => {
    const answer = await tried(send<Welcome>('POST', '/api/invites/accept', { invite, name: name.trim() }), setRefused);
    if (answer === null) return;
    setWelcome(answer);
    signIn(answer.token, answer.account, keeps);
    // The invite is used: nobody needs it in the history of this browser.
    history.replaceState(history.state, '', location.pathname);
  };
  if (welcome !== null) {
    return (
      <main id="main" class="page narrow-page">
        <h1 tabIndex={-1}>{say('invite.welcome', { name: welcome.account.name })}</h1>
        <p>{say('invite.welcome.text', { roles: welcome.account.roles.map((role) => say(`role.${role}`)).join(', ') })}</p>
        <Once title={say('invite.token')} text={say('invite.token.text')} secret={welcome.token} what={say('invite.token')} done={() => replaceWith({ page: 'account' })} />
      </main>
    );
  }
  return (
    <main id="main" class="page narrow-page">
      <h1 tabIndex={-1}>{say('invite.title')}</h1>
      <form class="card sign-in-card" onSubmit={(event) => { event.preventDefault(); void accept(); }}>
        <p class="muted">{say('invite.text')}</p>
        {!INVITE.test(location.hash) && (
          <><label for="link">{say('invite.link')}</label>
            <input id="link" type="text" autocomplete="off" spellcheck={false} required value={link} onInput={({ currentTarget }) => setLink(currentTarget.value)} /></>
        )}
        <label for="name">{say('invite.name')}</label>
        <input id="name" type="text" autocomplete="username" spellcheck={false} required maxLength={MOST_LETTERS} value={name} aria-describedby={refused === null ? 'name-text' : 'name-wrong'} aria-invalid={refused !== null} onInput={({ currentTarget }) => setName(currentTarget.value)} />
        <p id="name-text" class="muted small">{say('invite.name.text')}</p>
        {refused !== null && <p id="name-wrong" class="wrong" role="alert"><strong>{refused.title}.</strong> {refused.message === refused.title ? '' : refused.message}</p>}
        <label class="tick"><input type="checkbox" checked={keeps} onChange={({ currentTarget }) => setKeeps(currentTarget.checked)} />
          <span>{say('signin.keep')}<small class="muted">{say('signin.keep.text')}</small></span>
        </label>
        <p class="actions"><button class="primary" type="submit" disabled={invite === null || name.trim() === ''}>{say('invite.accept')}</button> <a href="/sign-in">{say('invite.have')}</a></p>
      </form>
    </main>
  );
}

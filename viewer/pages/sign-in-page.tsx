import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { announce } from '../announce.ts';
import type { Me } from '../answers.ts';
import { ask, Refused } from '../api.ts';
import { replaceWith } from '../navigation.ts';
import { Facts } from '../parts/facts.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { parseRoute } from '../route.ts';
import { signIn } from '../session.ts';
import { say } from '../words.ts';

const SHAPE = /^wp_\S+$/;

/** Sign-in with a token: first it is shown whose it is, then one goes on. */
export function SignInPage({ to }: { readonly to: string }): JSX.Element {
  const [given, setGiven] = useState('');
  const [whose, setWhose] = useState<Me | null>(null);
  const [keeps, setKeeps] = useState(false);
  const enter = (person: Me): void => {
    signIn(given.trim(), person, keeps);
    announce(say('signin.done', { name: person.name }));
    const [path = '/', search = ''] = to.split(/(?=\?)/);
    replaceWith(parseRoute(path, search));
  };
  return (
    <main id="main" class="page narrow-page">
      <h1 tabIndex={-1}>{say('signin.title')}</h1>
      {to.startsWith('/drives') ? <p>{say('signin.needed')}</p> : to !== '/' && <p>{say('signin.needed.page')}</p>}
      {whose === null
        ? <TokenForm given={given} setGiven={setGiven} found={setWhose} />
        : (
          <section class="card sign-in-card" aria-live="polite">
            <h2>{say('signin.as', { name: whose.name })}</h2>
            <Facts facts={[
              [say('signin.roles'), whose.roles.map((role) => say(`role.${role}`)).join(', ')],
              [say('signin.id'), <code key="id">{whose.id}</code>],
            ]} />
            <label class="tick"><input type="checkbox" checked={keeps} onChange={({ currentTarget }) => setKeeps(currentTarget.checked)} />
              <span>{say('signin.keep')}<small class="muted">{say('signin.keep.text')}</small></span>
            </label>
            <p class="actions">
              <button class="primary" onClick={() => enter(whose)}>{say('signin.go', { name: whose.name })}</button>
              <button onClick={() => setWhose(null)}>{say('signin.other')}</button>
            </p>
          </section>
        )}
    </main>
  );
}

interface TokenFormProps {
  readonly given: string;
  readonly setGiven: (given: string) => void;
  readonly found: (whose: Me) => void;
}

function TokenForm({ given, setGiven, found }: TokenFormProps): JSX.Element {
  const [refused, setRefused] = useState<Refused | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);
  const look = async (): Promise<void> => {
    setRefused(null);
    setWrong(SHAPE.test(given.trim()) ? null : say('signin.shape'));
    if (!SHAPE.test(given.trim())) return;
    setLooking(true);
    const answer = await whoIs(given.trim());
    setLooking(false);
    if (!(answer instanceof Refused)) found(answer);
    else if (answer.status === 401) setWrong(say('signin.unknown'));
    else setRefused(answer);
  };
  return (
    <form class="card sign-in-card" onSubmit={(event) => { event.preventDefault(); void look(); }}>
      <p class="muted">{say('signin.text')}</p>
      <label for="token">{say('signin.token')}</label>
      <input id="token" type="password" name="password" autocomplete="current-password" spellcheck={false} required value={given}
        aria-invalid={wrong !== null} aria-describedby={wrong === null ? undefined : 'token-wrong'} placeholder="wp_…" onInput={({ currentTarget }) => setGiven(currentTarget.value)} />
      {wrong !== null && <p id="token-wrong" class="wrong" role="alert">{wrong}</p>}
      {refused !== null && <Trouble refused={refused} again={() => void look()} />}
      <p class="actions"><button class="primary" type="submit" disabled={looking}>{say(looking ? 'signin.looking' : 'signin.look')}</button></p>
    </form>
  );
}

// The token is tried before it is kept: the one in force, if any, stays in force until then.
async function whoIs(given: string): Promise<Me | Refused> {
  try {
    return await ask<Me>('/api/me', { token: given });
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

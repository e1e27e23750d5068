import type { JSX } from 'preact';
import { keep } from '../keepsakes.ts';
import { lettersOn } from '../keys.ts';
import { Facts } from '../parts/facts.tsx';
import { InviteMaker } from '../parts/invite-maker.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { TokenList } from '../parts/token-list.tsx';
import { me } from '../session.ts';
import { say } from '../words.ts';

/** Who the reader is here, and with which tokens; for operators also whom they let in. */
export function AccountPage(): JSX.Element {
  return <SignedIn><Account /></SignedIn>;
}

function Account(): JSX.Element {
  const whose = me.value;
  return (
    <main id="main" class="page account-page">
      <h1 tabIndex={-1}>{whose?.name ?? say('page.account')}</h1>
      <section class="card account-card" aria-labelledby="who-title">
        <h2 id="who-title">{say('account.who')}</h2>
        {whose === null ? <div class="skeleton" /> : (
          <Facts facts={[
            [say('account.name'), whose.name],
            [say('signin.roles'), whose.roles.map((role) => say(`role.${role}`)).join(', ')],
            [say('signin.id'), <code key="id">{whose.id}</code>],
          ]} />
        )}
        <label class="tick"><input type="checkbox" checked={lettersOn.value} onChange={({ currentTarget }) => letters(currentTarget.checked)} />
          <span>{say('account.letters')}<small class="muted">{say('account.letters.text')}</small></span>
        </label>
      </section>
      <TokenList />
      {whose?.roles.includes('operator') === true && <InviteMaker />}
    </main>
  );
}

function letters(on: boolean): void {
  lettersOn.value = on;
  keep('letters', on ? 'on' : 'off');
}

import type { ComponentChildren, JSX } from 'preact';
import type { Role } from '../../shared/model/role.ts';
import { Notice } from '../pages/missing-page.tsx';
import { me, token } from '../session.ts';
import { say } from '../words.ts';
import { SignedIn } from './signed-in.tsx';

/** What only accounts of a role may see; others are told which one it takes, and who gives it. */
export function ForRole({ role, children }: { readonly role: Role; readonly children: ComponentChildren }): JSX.Element {
  const whose = me.value;
  if (token.value === null) return <SignedIn>{null}</SignedIn>;
  if (whose === null) return <main id="main" class="page"><h1 tabIndex={-1}>{say('loading')}</h1><div class="skeleton tall" /></main>;
  if (whose.roles.includes(role)) return <>{children}</>;
  const yours = whose.roles.map((one) => say(`role.${one}`)).join(', ');
  return <Notice sign="403" title={say('role.needed.title')} text={say('role.needed.text', { role: say(`role.${role}`), name: whose.name, yours })} />;
}

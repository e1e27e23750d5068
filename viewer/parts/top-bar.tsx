import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Me } from '../answers.ts';
import { ask, Refused } from '../api.ts';
import { keyHelpOpen, useKeys } from '../keys.ts';
import { keep } from '../keepsakes.ts';
import { go } from '../navigation.ts';
import { hrefOf, type Route } from '../route.ts';
import { me, signOut, token } from '../session.ts';
import { config, lastMap, street } from '../street.ts';
import { theme, toggleTheme } from '../theme.ts';
import markUrl from '../mark.svg?url';
import { language, LANGUAGES, say, speak, type Language } from '../words.ts';
import { Icon, type IconName } from './icon.tsx';

/** Whom an epoch may pay, as the server's `/api/me/balance` has it. */
const EARNERS = ['contributor', 'validator', 'operator'] as const;
const EARNINGS: readonly Route['page'][] = ['earnings', 'open-epoch', 'why'];

/** The mark, the pages this reader may enter, and the account; on a phone the pages stand at the foot. */
export function TopBar({ route }: { readonly route: Route }): JSX.Element {
  useMe();
  useKeys([
    { keys: ['?'], words: 'keys.help', run: () => { keyHelpOpen.value = !keyHelpOpen.value; } },
    { keys: ['t'], words: 'keys.theme', run: toggleTheme },
    { keys: ['m'], words: 'keys.map', run: () => street.peek()?.focus() },
  ]);
  const to = route.page === 'sign-in' ? route.to : location.pathname + location.search;
  return (
    <>
      <header class="top">
        <a class="mark" href="/"><img src={markUrl} alt="" width="26" height="26" /><span>{config.value?.name ?? 'Wayproof'}</span></a>
        <Pages route={route} class="wide" />
        {config.value?.demo === true && <a class="badge" href="/demo" title={say('demo.title')} aria-current={route.page === 'demo' ? 'page' : undefined}>{say('demo')}</a>}
        <span class="spring" />
        {token.value === null
          ? <a class="sign-in" href={hrefOf({ page: 'sign-in', to })} aria-current={route.page === 'sign-in' ? 'page' : undefined}>{say('page.sign-in')}</a>
          : <a class="who" href="/account" aria-current={route.page === 'account' ? 'page' : undefined} title={say('page.account')}><Icon name="person" /><span>{me.value?.name ?? say('page.account')}</span></a>}
        <Menu />
      </header>
      <Pages route={route} class="narrow" />
    </>
  );
}

function Pages({ route, class: name }: { readonly route: Route; readonly class: 'wide' | 'narrow' }): JSX.Element {
  const roles = me.value?.roles ?? [];
  const isContributor = roles.includes('contributor');
  const isPaid = EARNERS.some((role) => roles.includes(role));
  // Visitors see where drives are, too: the page asks them to sign in.
  const hasDrives = isContributor || token.value === null;
  return (
    <nav class={`pages ${name}`} aria-label={say(name === 'wide' ? 'nav' : 'nav.foot')}>
      <PageLink href={hrefOf({ page: 'map', query: lastMap.value })} icon="map" current={route.page === 'map'}>{say('page.map')}</PageLink>
      {hasDrives && <PageLink href="/drives" icon="drives" current={route.page === 'drives' || route.page === 'drive'}>{say(name === 'wide' ? 'page.drives' : 'page.drives.short')}</PageLink>}
      {isContributor && <PageLink href="/upload" icon="upload" current={route.page === 'upload'}>{say('page.upload')}</PageLink>}
      {roles.includes('validator') && <PageLink href="/review" icon="check" current={route.page === 'review' || route.page === 'case'}>{say('page.review')}</PageLink>}
      {isPaid && <PageLink href="/earnings" icon="coins" current={EARNINGS.includes(route.page)}>{say('page.earnings')}</PageLink>}
      {/* Five stand side by side on a phone; who has more finds the reasons in the menu. */}
      {name === 'narrow' && !isPaid && <PageLink href="/reasons" icon="list" current={route.page === 'reasons'}>{say('page.reasons')}</PageLink>}
      {name === 'wide' && <PageLink href="/reasons" icon={null} current={route.page === 'reasons'}>{say('page.reasons')}</PageLink>}
    </nav>
  );
}

interface PageLinkProps {
  readonly href: string;
  readonly icon: IconName | null;
  readonly current: boolean;
  readonly children: ComponentChildren;
}

function PageLink({ href, icon, current, children }: PageLinkProps): JSX.Element {
  return <a href={href} aria-current={current ? 'page' : undefined}>{icon !== null && <Icon name={icon} />}<span>{children}</span></a>;
}

function Menu(): JSX.Element {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      if (box.current?.open === true && !(event.target instanceof Node && box.current.contains(event.target))) box.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  return (
    <details class="menu" ref={box} onKeyDown={(event) => { if (event.key === 'Escape' && box.current !== null) { box.current.open = false; box.current.querySelector('summary')?.focus(); } }}>
      <summary aria-label={say('menu')} title={say('menu')}><Icon name="more" /></summary>
      <div class="card">
        {me.value !== null && <p class="muted">{say('menu.as', { name: me.value.name })}<br />{me.value.roles.map((role) => say(`role.${role}`)).join(', ')}</p>}
        <label class="choice"><span>{say('menu.language')}</span>
          <select value={language.value} onChange={({ currentTarget }) => void choose(currentTarget.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
          </select>
        </label>
        <button onClick={toggleTheme}><Icon name="theme" />{say(theme.value === 'dark' ? 'menu.light' : 'menu.dark')}</button>
        <a class="button" href="/reasons" onClick={() => { if (box.current !== null) box.current.open = false; }}><Icon name="check" />{say('page.reasons')}</a>
        <button onClick={() => { keyHelpOpen.value = true; }}><Icon name="list" />{say('keys.title')}</button>
        {token.value !== null && <button onClick={() => { signOut(); go({ page: 'map', query: lastMap.peek() }); }}><Icon name="person" />{say('menu.sign.out')}</button>}
        <p class="muted small">{config.value === null ? '' : say('menu.version', { name: config.value.name, version: config.value.version, epoch: String(config.value.epoch) })}</p>
      </div>
    </details>
  );
}

async function choose(wanted: Language): Promise<void> {
  keep('language', wanted);
  await speak(wanted);
}

// A token that the server no longer knows is dropped, so that public pages go on working.
function useMe(): void {
  const known = token.value;
  useEffect(() => {
    if (known === null || me.peek() !== null) return;
    ask<Me>('/api/me').then(
      (whose) => {
        me.value = whose;
        return whose;
      },
      (error: unknown) => {
        if (error instanceof Refused && error.status === 401) signOut();
        return null;
      },
    );
  }, [known]);
}

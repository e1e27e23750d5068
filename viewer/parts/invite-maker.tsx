import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ROLES, type Role } from '../../shared/model/role.ts';
import { type Refused, send } from '../api.ts';
import { instantText } from '../dates.ts';
import { tried } from '../tried.ts';
import { say } from '../words.ts';
import { Once } from './once.tsx';

const DAYS = [1, 7, 30] as const;
const DAY_S = 86_400;

interface Made {
  readonly link: string;
  readonly expiresAt: string;
}

/** For operators: a link by which somebody makes an account, shown once. */
export function InviteMaker(): JSX.Element {
  const [roles, setRoles] = useState<readonly Role[]>(['contributor']);
  const [days, setDays] = useState<number>(7);
  const [made, setMade] = useState<Made | null>(null);
  const [trouble, setTrouble] = useState<Refused | null>(null);
  const make = async (): Promise<void> => setMade(await tried(send<Made>('POST', '/api/invites', { roles, expiresInS: days * DAY_S }), setTrouble));
  const turn = (role: Role): void => setRoles(ROLES.filter((one) => (one === role) !== roles.includes(one)));
  return (
    <section class="card account-card" aria-labelledby="invite-title">
      <h2 id="invite-title">{say('invite.make.title')}</h2>
      <p class="muted">{say('invite.make.text')}</p>
      {made !== null
        ? <Once title={say('invite.made')} text={say('invite.made.text', { until: instantText(made.expiresAt) })} secret={made.link} what={say('invite.made')} done={() => setMade(null)} />
        : (
          <form class="invite-form" onSubmit={(event) => { event.preventDefault(); void make(); }}>
            <fieldset>
              <legend>{say('invite.roles')}</legend>
              {ROLES.map((role) => <label key={role} class="tick"><input type="checkbox" checked={roles.includes(role)} onChange={() => turn(role)} /><span>{say(`role.${role}`)}<small class="muted">{say(`role.${role}.text`)}</small></span></label>)}
            </fieldset>
            <label class="choice"><span>{say('invite.days')}</span>
              <select value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>{DAYS.map((one) => <option key={one} value={one}>{say('invite.days.value', { days: one })}</option>)}</select>
            </label>
            {trouble !== null && <p class="wrong" role="alert">{trouble.message}</p>}
            <p class="actions"><button type="submit" disabled={roles.length === 0}>{say('invite.make')}</button></p>
          </form>
        )}
    </section>
  );
}

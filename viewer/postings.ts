import type { BalanceLine } from './money-answers.ts';
import { say, sayIfKnown } from './words.ts';

/** An epoch's number, without the marks that the language puts between thousands: it is a name. */
export function epochText(epoch: number): string {
  return String(epoch);
}

/** What a posting was for. The key of an epoch's posting names the purse that paid it. */
export function postingText({ key, kind, epoch }: Pick<BalanceLine, 'key' | 'kind' | 'epoch'>): string {
  const purse = /^epoch:\d+:([a-z]+):/.exec(key)?.[1];
  if (kind === 'epoch' && epoch !== null && purse !== undefined) return say('posting.epoch', { epoch: epochText(epoch), purse: sayIfKnown(`purse.${purse}`) ?? purse });
  return sayIfKnown(`posting.${kind}`) ?? say('posting.other', { kind });
}

import { signal } from '@preact/signals';
import type { Me } from './answers.ts';
import { forget, keep, kept } from './keepsakes.ts';

/** The reader's token; null when not signed in. It never stands in an address. */
export const token = signal<string | null>(null);

/** Whose token it is, once the server has said so. */
export const me = signal<Me | null>(null);

/** Takes up the token of this tab or device. */
export function startSession(): void {
  token.value = kept('token');
}

/** Signs in; the token is forgotten with the tab unless it is to be kept on this device. */
export function signIn(given: string, whose: Me, keepOnDevice: boolean): void {
  forget('token');
  keep('token', given, keepOnDevice ? 'forgotten' : 'tab closes');
  token.value = given;
  me.value = whose;
}

/** Forgets the token everywhere. */
export function signOut(): void {
  forget('token');
  token.value = null;
  me.value = null;
}

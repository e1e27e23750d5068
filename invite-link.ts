/** For so long an invite works unless somebody says otherwise. */
export const INVITE_DAYS = 7;

/** The secret stands behind the #: browsers do not send that to any server, so no log holds it. */
export function inviteLink(url: string, invite: string): string {
  return `${url}/sign-in#${invite}`;
}

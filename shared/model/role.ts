/** What an account may do; an account holds one or more. */
export const ROLES = ['contributor', 'consumer', 'validator', 'operator'] as const;
export type Role = (typeof ROLES)[number];

import type { Sha256 } from '../shared/model/ids.ts';
import type { Alignment } from './camera/alignment.ts';

/** What was worked out outside the pure judge, and by what: the receipt names it. */
export interface Testimony {
  readonly provider: string;
  /** Null where no net was asked, as in a browser: the rules judge alone. */
  readonly net: NetTestimony | null;
  /** How consecutive pictures follow from one another, a list a part and an entry for each pair of its camera sketch; absent where nobody looked. */
  readonly pairs?: readonly (readonly Alignment[])[];
}

/** What the net said of a drive. */
export interface NetTestimony {
  readonly modelSha256: Sha256;
  /** Odds in nats over which a window is flagged. */
  readonly limit: number;
  /** Odds in nats, a list a part and an entry a window; null where too little of it is covered. */
  readonly parts: readonly (readonly (number | null)[])[];
}

/** The rules alone, which are the same on every machine. */
export const RULES_ALONE: Testimony = { provider: 'cpu', net: null };

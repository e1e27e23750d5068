import { signal } from '@preact/signals';
import type { Finding } from './findings.ts';

/** The one time that the cursor of the plots, the mark on the map and the picture share, in Unix seconds. */
export const momentS = signal<number | null>(null);

/** The finding whose stretch is shown in the plots, on the map and on the ribbon. */
export const highlighted = signal<Finding | null>(null);

/** Leaves what another drive was looked at with. */
export function forgetMoment(): void {
  momentS.value = null;
  highlighted.value = null;
}

import type { JSX } from 'preact';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import { worstOverLimit } from '../worst-window.ts';
import { say } from '../words.ts';
import { CheckList } from './check-list.tsx';

/** Why a drive was held back: each check that went over its limit, at its worst; nothing where none did. */
export function DriveFindings({ windows }: { readonly windows: readonly WindowVerdict[] }): JSX.Element | null {
  const checks = worstOverLimit(windows);
  if (checks.length === 0) return null;
  return (
    <section class="card findings" aria-labelledby="findings-title">
      <h2 id="findings-title">{say('drive.findings')}</h2>
      <p class="muted">{say('drive.findings.text')}</p>
      <CheckList checks={checks} />
    </section>
  );
}

import type { JSX } from 'preact';
import { ForRole } from '../parts/for-role.tsx';
import { say } from '../words.ts';

/** Sending a drive. */
export function UploadPage(): JSX.Element {
  return <ForRole role="contributor"><main id="main" class="page"><h1 tabIndex={-1}>{say('page.upload')}</h1></main></ForRole>;
}

import type { JSX } from 'preact';
import type { Config } from '../answers.ts';
import { say } from '../words.ts';

interface LicenceLineProps {
  readonly licences: readonly string[];
  readonly attribution: string;
  readonly config: Config | null;
}

/** Under which licence pictures may be used, and whom to name. */
export function LicenceLine({ licences, attribution, config }: LicenceLineProps): JSX.Element {
  return (
    <p class="licence">
      {say('licence')}{' '}
      {licences.map((code, index) => {
        const known = config?.licences[code];
        return (
          <span key={code}>
            {index > 0 && ', '}
            {known === undefined ? code : <a href={known.url} rel="license noreferrer" target="_blank" title={known.title}>{code}</a>}
          </span>
        );
      })}
      {attribution !== '' && <> · {attribution}</>}
    </p>
  );
}

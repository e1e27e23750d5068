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
  // The licences stand in the attribution too, for whoever reads only that; here they are links.
  const whom = licences.reduce((text, code) => text.replace(`, ${code}`, ''), attribution);
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
      {whom !== '' && <> · {whom}</>}
    </p>
  );
}

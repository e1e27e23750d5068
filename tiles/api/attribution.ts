import { type Licence, LICENCES } from '../../shared/model/licence.ts';

/** What an answer that carries this data must say, in HTML as TileJSON allows: whose it is and under which licences. */
export function attributionOf(networkName: string, licences: readonly string[]): string {
  const links = licences.filter(isLicence).map((licence) => `<a href="${LICENCES[licence].url}">${licence}</a>`);
  return `© ${escaped(networkName)} contributors${links.length === 0 ? '' : `, ${links.join(', ')}`}`;
}

/** The same without markup. */
export function plainAttributionOf(networkName: string, licences: readonly string[]): string {
  return `© ${networkName} contributors${licences.length === 0 ? '' : `, ${licences.join(', ')}`}`;
}

function isLicence(text: string): text is Licence {
  return Object.hasOwn(LICENCES, text);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

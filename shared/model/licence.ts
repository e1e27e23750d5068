/** Licences a contributor may choose at upload (SPDX), with what an answer that carries the data must say. */
export const LICENCES = {
  'CC-BY-SA-4.0': { title: 'Creative Commons Attribution-ShareAlike 4.0', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
  'CC-BY-4.0': { title: 'Creative Commons Attribution 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
  'CC0-1.0': { title: 'Creative Commons Zero 1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
  'etalab-2.0': { title: 'Licence Ouverte / Open Licence 2.0', url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/' },
} as const;

export type Licence = keyof typeof LICENCES;
export const DEFAULT_LICENCE: Licence = 'CC-BY-SA-4.0';

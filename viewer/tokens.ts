/** Every colour of the app, light and dark; the CSS variables, the map and the plots all read this one table. */
export type Theme = 'light' | 'dark';

/** Names of the colours that become CSS variables, `--accent` and so on. */
export interface UiColours {
  readonly bg: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly border: string;
  /** Behind panels: the page itself. */
  readonly page: string;
  /** A row or button under the pointer. */
  readonly raised: string;
  /** A line that only separates and carries no meaning. */
  readonly hairline: string;
  /** Text on the accent. */
  readonly onAccent: string;
}

/** Ground that the classes are measured against, and what is drawn on it in ink. */
export interface MapColours {
  readonly land: string;
  readonly water: string;
  readonly graticule: string;
  readonly frontier: string;
  readonly road: string;
  readonly roadCasing: string;
  readonly ink: string;
  readonly label: string;
}

/** Each ramp from best (freshest, most, sharpest) to last: stronger contrast with the ground = better. */
export interface RampColours {
  readonly freshness: readonly [string, string, string, string, string];
  readonly count: readonly [string, string, string, string, string];
  readonly quality: readonly [string, string, string, string];
  /** A cell whose measure nobody knows. */
  readonly unknown: string;
}

export interface VerdictColours {
  readonly accepted: string;
  readonly flagged: string;
  readonly rejected: string;
  readonly unverified: string;
  readonly processing: string;
  readonly withdrawn: string;
}

export interface Tokens {
  readonly ui: UiColours;
  readonly map: MapColours;
  readonly ramps: RampColours;
  readonly verdicts: VerdictColours;
  /** GNSS, IMU, camera. */
  readonly series: readonly [string, string, string];
}

/** Selection is never a hue: this ink within this halo stands out on any ground and any class. */
export const SELECTION = { ink: '#0B1016', halo: '#FFFFFF' } as const;

export const TOKENS: Readonly<Record<Theme, Tokens>> = {
  light: {
    ui: {
      bg: '#FFFFFF', text: '#14181D', muted: '#56606B', accent: '#0B5CAD', border: '#8A939D',
      page: '#F5F6F8', raised: '#EDF1F6', hairline: '#DDE2E8', onAccent: '#FFFFFF',
    },
    map: {
      land: '#F4F2ED', water: '#D3DEE6', graticule: '#C3D0DA', frontier: '#C9C3B6',
      road: '#FFFFFF', roadCasing: '#B9B2A3', ink: '#14181D', label: '#4A525B',
    },
    ramps: {
      freshness: ['#180063', '#00405C', '#00694E', '#637A46', '#A68700'],
      count: ['#24063F', '#4A0E78', '#6A3A9E', '#8560B4', '#9A82B8'],
      quality: ['#002B2A', '#134F48', '#2A7562', '#569A70'],
      unknown: '#7B8189',
    },
    verdicts: {
      accepted: '#0068AE', flagged: '#A46C0A', rejected: '#6E0A3E', unverified: '#63666B',
      processing: '#7B8189', withdrawn: '#2B3036',
    },
    series: ['#3372CC', '#C14E03', '#43002D'],
  },
  dark: {
    ui: {
      bg: '#171C22', text: '#E8ECF1', muted: '#A4AEB9', accent: '#7CBCFF', border: '#6F7A86',
      page: '#0F1318', raised: '#222A33', hairline: '#2C353F', onAccent: '#0B1016',
    },
    map: {
      land: '#15191F', water: '#0B1016', graticule: '#18212A', frontier: '#2D3742',
      road: '#3A4653', roadCasing: '#0B1016', ink: '#E8ECF1', label: '#A9B4C0',
    },
    ramps: {
      freshness: ['#F7E5AE', '#B1CD46', '#47C695', '#4B95A8', '#555CBE'],
      count: ['#F0E2FF', '#CFAAF7', '#AA7FDD', '#8A68B0', '#6E6084'],
      quality: ['#C4FFE6', '#86CDBD', '#36A3A6', '#006F82'],
      unknown: '#8B95A1',
    },
    verdicts: {
      accepted: '#5AA0E4', flagged: '#FFD579', rejected: '#EE4A70', unverified: '#E4EDF9',
      processing: '#8B95A1', withdrawn: '#C3CBD4',
    },
    series: ['#47A5DB', '#F5D883', '#F13B6D'],
  },
};

/** The variables of a theme as `[name, value]`, names as CSS writes them. */
export function cssVariables(theme: Theme): readonly (readonly [string, string])[] {
  const { ui, map, verdicts } = TOKENS[theme];
  return [
    ...Object.entries(ui).map(([name, value]) => [`--${dashed(name)}`, value] as const),
    ['--land', map.land],
    ['--water', map.water],
    ...Object.entries(verdicts).map(([name, value]) => [`--${name}`, value] as const),
  ];
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

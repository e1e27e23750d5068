import type { JSX } from 'preact';

const PATHS = {
  mark: 'M12 1.5 21 6.7v10.6l-9 5.2-9-5.2V6.7zM7.6 12.2l3.2 3.2 5.8-6.4',
  map: 'M9 4 3 6.5v13L9 17l6 2.5 6-2.5V4l-6 2.5zM9 4v13M15 6.5v13',
  drives: 'M6 20V9a3 3 0 0 1 3-3h1.5M18 4v11a3 3 0 0 1-3 3h-1.5M6 20a1.6 1.6 0 1 0 0-.01M18 4a1.6 1.6 0 1 0 0-.01M9 12h6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1.2-3.6 4-5.5 7.500-5.500s6.300 1.900 7.500 5.500',
  coins: 'M9 12.500a5.500 3 0 1 0 0-6 5.500 3 0 0 0 0 6zM3.500 9.500v5.500c0 1.700 2.500 3 5.500 3M14.500 9.500v3M14.500 20.500a5.500 3 0 1 0 0-6 5.500 3 0 0 0 0 6z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  close: 'M6 6l12 12M18 6 6 18',
  layers: 'M12 3 3 8l9 5 9-5zM3.500 12.500 12 17l8.500-4.500M3.500 16.500 12 21l8.500-4.500',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  upload: 'M12 16V4M7 9l5-5 5 5M4 16v4h16v-4',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  list: 'M8 6h13M8 12h13M8 18h13M3.500 6h.01M3.500 12h.01M3.500 18h.01',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  play: 'M7 4.500v15l12-7.500z',
  pause: 'M8 5v14M16 5v14',
  theme: 'M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z',
  key: 'M14.500 9.500a4.500 4.500 0 1 0-4 4.470L12 12.500h2V10.500h2zM7.500 16.500',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 17a3.800 3.800 0 1 0 0-7.600 3.800 3.800 0 0 0 0 7.600z',
  full: 'M8 3H3v5M16 3h5v5M8 21H3v-5M16 21h5v-5',
  check: 'M5 13l4.500 4.500L19 7',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside words or within a labelled button; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}

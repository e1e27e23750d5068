import type { RocPoint } from './roc.ts';

export interface RocLine {
  readonly name: string;
  readonly points: readonly RocPoint[];
}

export interface RocPlot {
  readonly title: string;
  /** Said to who cannot see it. */
  readonly description: string;
  readonly lines: readonly RocLine[];
}

/** Readable on white and on near-black; lines of one colour differ in their dashes. */
const COLOURS = ['#d1495b', '#2f81b7', '#3a9a5b', '#b8722c', '#8a63c4', '#5f8f92', '#c05a9a', '#7f8c2f', '#7a7f87'];
const DASHES = ['', '7 3', '2 3'];
const [WIDTH, HEIGHT] = [760, 440];
const PLOT = { left: 64, right: 520, top: 48, bottom: 388 };
/** The axis of false positives is logarithmic: what matters happens below 1 %. */
const LEAST_FPR = 1e-3;
const X_TICKS = [0.001, 0.01, 0.1, 1];
const Y_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** A ROC plot as SVG text; a page that is light or dark shows it in its own colours. */
export function rocSvg({ title, description, lines }: RocPlot): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="t">${escaped(title)}</title>`,
    `<desc id="d">${escaped(description)}</desc>`,
    '<style>.ink{fill:#24292f}.grid{stroke:#d0d7de}.paper{fill:#ffffff}@media (prefers-color-scheme:dark){.ink{fill:#e6edf3}.grid{stroke:#30363d}.paper{fill:#0d1117}}</style>',
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    text({ x: PLOT.left, y: 26, words: title, more: 'font-size="15" font-weight="600"' }),
    ...X_TICKS.map((fpr) => `${rule(xOf(fpr), PLOT.top, xOf(fpr), PLOT.bottom)}${text({ x: xOf(fpr), y: PLOT.bottom + 18, words: `${shown(fpr * 100)} %`, more: 'text-anchor="middle"' })}`),
    ...Y_TICKS.map((tpr) => `${rule(PLOT.left, yOf(tpr), PLOT.right, yOf(tpr))}${text({ x: PLOT.left - 8, y: yOf(tpr) + 4, words: shown(tpr), more: 'text-anchor="end"' })}`),
    text({ x: (PLOT.left + PLOT.right) / 2, y: PLOT.bottom + 40, words: 'honest windows above the threshold', more: 'text-anchor="middle"' }),
    text({ x: 18, y: (PLOT.top + PLOT.bottom) / 2, words: 'attacked windows above it', more: `text-anchor="middle" transform="rotate(-90 18 ${(PLOT.top + PLOT.bottom) / 2})"` }),
    ...lines.flatMap(drawn),
    '</svg>', '',
  ].join('\n');
}

function drawn({ name, points }: RocLine, n: number): readonly string[] {
  const style = `fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="2" stroke-dasharray="${DASHES[Math.floor(n / COLOURS.length) % DASHES.length]}"`;
  const seen = points.filter(({ fpr }) => fpr >= LEAST_FPR * 0.999);
  const path = seen.map(({ fpr, tpr }, at) => `${at === 0 ? 'M' : 'L'}${xOf(fpr).toFixed(1)} ${yOf(tpr).toFixed(1)}`).join('');
  const y = PLOT.top + 10 + n * 20;
  return [
    ...(path === '' ? [] : [`<path d="${path}" ${style}/>`]),
    `<path d="M${PLOT.right + 18} ${y}h24" ${style}/>`,
    text({ x: PLOT.right + 50, y: y + 4, words: name, more: '' }),
  ];
}

function xOf(fpr: number): number {
  const share = 1 - Math.log10(Math.max(fpr, LEAST_FPR)) / Math.log10(LEAST_FPR);
  return PLOT.left + share * (PLOT.right - PLOT.left);
}

function yOf(tpr: number): number {
  return PLOT.bottom - tpr * (PLOT.bottom - PLOT.top);
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="grid" d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}"/>`;
}

function text({ x, y, words, more }: { readonly x: number; readonly y: number; readonly words: string; readonly more: string }): string {
  return `<text class="ink" x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

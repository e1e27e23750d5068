import 'uplot/dist/uPlot.min.css';
import UPlot from 'uplot';
import type { Span } from './evidence.ts';
import { gapsIn } from './evidence.ts';
import type { Strip, StripLine } from './strips.ts';
import { rowsToDraw } from './thin.ts';
import { TOKENS, type Theme } from './tokens.ts';

/** What all strips of a stack share: their time, and what happened in it. */
export interface StripTime {
  readonly tS: readonly number[];
  /** Where a line of the grid stands, in Unix seconds. */
  readonly ticks: readonly number[];
  readonly heldBack: readonly Span[];
  readonly highlighted: Span | null;
  /** Seconds in which a check went over its limit, those of the chosen finding apart. */
  readonly over: readonly Span[];
  readonly chosenOver: Span | null;
  /** Words for a stretch without values. */
  readonly noData: string;
}

/** How large and in which colours. */
export interface StripLook {
  readonly theme: Theme;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Room at the left for the axis, and at the right for the names of the lines. */
  readonly axisPx: number;
  readonly endPx: number;
}

const FONT = '12px system-ui, sans-serif';
const DASHES = { gnss: [], imu: [6, 4] } as const;
const NAME_PX = 15;
const HATCH_PX = 8;
const NO_DATA_LABEL_PX = 64;
const PAD_PX = 8;
/** The bar at the foot of a strip; a single second is still to be seen. */
const BAR_PX = 5;
const LEAST_BAR_PX = 3;

/** Draws one strip; what it returns removes it. The only door to uPlot, which does its lines, axes and grid. */
export function drawStrip(slot: HTMLElement, strip: Strip, time: StripTime, look: StripLook): () => void {
  const rows = rowsToDraw(time.tS, strip.lines.map(({ values }) => values), Math.max(1, look.widthPx - look.axisPx - look.endPx));
  const data = [rows.map((row) => time.tS[row]!), ...strip.lines.map(({ values }) => rows.map((row) => values[row] ?? null))];
  const { ui, series } = TOKENS[look.theme];
  const axis = { stroke: ui.muted, font: FONT, ticks: { show: false }, border: { show: false }, grid: { stroke: ui.hairline, width: 1 } };
  const colourOf = ({ source }: StripLine): string => series[source === 'gnss' ? 0 : 1];
  const plot = new UPlot({
    width: look.widthPx,
    height: look.heightPx,
    padding: [PAD_PX, look.endPx, PAD_PX, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [time.tS[0]!, time.tS.at(-1)!] }, y: { range: [strip.range[0], strip.range[1]] } },
    axes: [
      // The times themselves stand under the stack, once.
      { ...axis, size: 0, splits: [...time.ticks], values: () => [] },
      { ...axis, size: look.axisPx, gap: 6, splits: strip.ticks.map(({ at }) => at), values: () => strip.ticks.map(({ text }) => text) },
    ],
    series: [{}, ...strip.lines.map((line) => ({ stroke: colourOf(line), width: 1.75, dash: [...DASHES[line.source]], points: { show: false }, spanGaps: false }))],
    hooks: {
      drawClear: [(plot) => drawGround(plot, strip, time, look)],
      draw: [(plot) => { drawLimit(plot, strip, look); drawNames(plot, strip, look); }],
    },
  }, data as UPlot.AlignedData, slot);
  return () => plot.destroy();
}

/** What lies under the lines: where nothing was measured, and what was held back. */
function drawGround(plot: UPlot, { lines }: Strip, { tS, heldBack, highlighted, over, chosenOver, noData }: StripTime, { theme }: StripLook): void {
  const { ui, verdicts } = TOKENS[theme];
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = ui.page;
  ctx.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
  for (const gap of gapsIn(tS, lines.map(({ values }) => values))) {
    const { left, width } = across(plot, gap);
    hatch(plot, { left, width }, { colour: ui.hairline, leans: 1, gapPx: HATCH_PX });
    if (width < NO_DATA_LABEL_PX * UPlot.pxRatio) continue;
    ctx.fillStyle = ui.muted;
    ctx.font = sized(FONT);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(noData, left + width / 2, bbox.top + bbox.height / 2);
  }
  for (const span of heldBack) {
    const isChosen = highlighted !== null && span.fromS < highlighted.toS && highlighted.fromS < span.toS;
    const at = across(plot, span);
    hatch(plot, at, { colour: `${ui.text}${isChosen ? '40' : '26'}`, leans: -1, gapPx: HATCH_PX });
    edges(plot, at, { colour: ui.text, widthPx: 1 });
  }
  if (highlighted !== null) edges(plot, across(plot, highlighted), { colour: ui.text, widthPx: 2 });
  if (chosenOver !== null) bar(plot, across(plot, chosenOver), { colour: `${verdicts.flagged}4d`, heightPx: bbox.height / UPlot.pxRatio });
  for (const span of over) bar(plot, across(plot, span), { colour: ui.text, heightPx: BAR_PX });
  ctx.restore();
}

interface Across {
  readonly left: number;
  readonly width: number;
}

/** A stretch of time in pixels of the canvas, cut at the edges of the plot. */
function across(plot: UPlot, { fromS, toS }: Span): Across {
  const { left, width } = plot.bbox;
  const cut = (tS: number): number => Math.min(left + width, Math.max(left, plot.valToPos(tS, 'x', true)));
  return { left: cut(fromS), width: cut(toS) - cut(fromS) };
}

interface Hatching {
  readonly colour: string;
  readonly leans: 1 | -1;
  readonly gapPx: number;
}

function hatch({ ctx, bbox }: UPlot, { left, width }: Across, { colour, leans, gapPx }: Hatching): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * UPlot.pxRatio;
  ctx.beginPath();
  const gap = gapPx * UPlot.pxRatio;
  // Lines stand on one grid over the whole plot, so that stretches side by side hatch as one.
  for (let x = left - ((left - bbox.left) % gap) - bbox.height - gap; x < left + width + bbox.height; x += gap) {
    ctx.moveTo(x, leans > 0 ? bbox.top + bbox.height : bbox.top);
    ctx.lineTo(x + bbox.height, leans > 0 ? bbox.top : bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** Stands on the foot of the strip, so that it is told apart by its place and not by its colour. */
function bar({ ctx, bbox }: UPlot, { left, width }: Across, { colour, heightPx }: { readonly colour: string; readonly heightPx: number }): void {
  const [wide, high] = [Math.max(width, LEAST_BAR_PX * UPlot.pxRatio), heightPx * UPlot.pxRatio];
  ctx.fillStyle = colour;
  ctx.fillRect(left - (wide - width) / 2, bbox.top + bbox.height - high, wide, high);
}

function edges({ ctx, bbox }: UPlot, { left, width }: Across, { colour, widthPx }: { readonly colour: string; readonly widthPx: number }): void {
  ctx.fillStyle = colour;
  const thick = widthPx * UPlot.pxRatio;
  ctx.fillRect(left, bbox.top, thick, bbox.height);
  ctx.fillRect(left + width - thick, bbox.top, thick, bbox.height);
}

/** The limit as a dashed line of ink, with its words; beyond the scale only the words, with an arrow. */
function drawLimit(plot: UPlot, { limit, range }: Strip, { theme }: StripLook): void {
  if (limit === null) return;
  const { ctx, bbox } = plot;
  const isInside = limit.at >= range[0] && limit.at <= range[1];
  const y = isInside ? plot.valToPos(limit.at, 'y', true) : bbox.top;
  ctx.save();
  ctx.strokeStyle = TOKENS[theme].ui.text;
  ctx.lineWidth = 1.25 * UPlot.pxRatio;
  ctx.setLineDash([4 * UPlot.pxRatio, 3 * UPlot.pxRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  if (isInside) ctx.stroke();
  ctx.font = sized(FONT);
  ctx.textAlign = 'right';
  const below = y - bbox.top < NAME_PX * UPlot.pxRatio;
  ctx.textBaseline = below ? 'top' : 'bottom';
  write(plot, `${limit.text}${isInside ? '' : ' ↑'}`, { x: bbox.left + bbox.width - 6 * UPlot.pxRatio, y: y + (below ? 2 : -2) * UPlot.pxRatio, theme, colour: TOKENS[theme].ui.text });
  ctx.restore();
}

/** The name of each line where it ends. */
function drawNames(plot: UPlot, { lines }: Strip, { theme }: StripLook): void {
  const { ctx, bbox } = plot;
  const gap = NAME_PX * UPlot.pxRatio;
  const named = lines.map(({ name, source, values }) => ({
    name, colour: TOKENS[theme].series[source === 'gnss' ? 0 : 1], y: plot.valToPos(values.findLast((value) => value !== null) ?? 0, 'y', true),
  })).toSorted((a, b) => a.y - b.y);
  ctx.save();
  ctx.font = sized(FONT);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  let last = bbox.top - gap / 2;
  named.forEach(({ name, colour, y }, index) => {
    const lowest = bbox.top + bbox.height - (named.length - 1 - index) * gap;
    last = Math.min(lowest, Math.max(y, last + gap));
    write(plot, name, { x: bbox.left + bbox.width + 6 * UPlot.pxRatio, y: last, theme, colour });
  });
  ctx.restore();
}

interface Writing {
  readonly x: number;
  readonly y: number;
  readonly theme: Theme;
  readonly colour: string;
}

// With a rim in the colour of the ground, so that a line behind it does not cross it out.
function write({ ctx }: UPlot, text: string, { x, y, theme, colour }: Writing): void {
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.strokeStyle = TOKENS[theme].ui.bg;
  ctx.lineWidth = 4 * UPlot.pxRatio;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

function sized(font: string): string {
  return font.replace(/^\d+/, (px) => String(Number(px) * UPlot.pxRatio));
}

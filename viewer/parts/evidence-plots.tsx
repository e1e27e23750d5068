import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { EvidenceAnswer } from '../answers.ts';
import { OVERLAYS } from '../coverage-style.ts';
import { clockText } from '../dates.ts';
import { heldBack, momentOnMap } from '../evidence.ts';
import { type Finding, secondsOver } from '../findings.ts';
import { useKeys } from '../keys.ts';
import { highlighted, momentS } from '../moment.ts';
import { momentText } from '../moment-text.ts';
import { stripsOf } from '../strips.ts';
import { street } from '../street.ts';
import { theme } from '../theme.ts';
import { needSeconds, timeTicks } from '../ticks.ts';
import { language, say } from '../words.ts';
import { EvidenceTable } from './evidence-table.tsx';
import { FindingList, FindingSentence, highlight } from './finding-list.tsx';
import { PlotStrip } from './plot-strip.tsx';

interface EvidencePlotsProps {
  readonly evidence: EvidenceAnswer;
  readonly findings: readonly Finding[];
  readonly zone: string;
}

const NARROW_PX = 560;
const STEP_S = 1;
const LEAP_S = 10;

/** Speed, course and vibration over one time; a slider walks along it, and the map and the picture go with it. */
export function EvidencePlots({ evidence, findings, zone }: EvidencePlotsProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const [pointedS, setPointedS] = useState<number | null>(null);
  const strips = useMemo(() => stripsOf(evidence), [evidence, language.value]);
  const [fromS, toS] = [evidence.tS[0]!, evidence.tS.at(-1)!];
  const atS = momentS.value ?? fromS;
  const shownS = pointedS ?? atS;
  const narrow = widthPx < NARROW_PX;
  const look = { theme: theme.value, widthPx, heightPx: narrow ? 92 : 108, axisPx: narrow ? 38 : 48, endPx: narrow ? 70 : 76 };
  const plotPx = Math.max(1, widthPx - look.axisPx - look.endPx);
  const ticks = timeTicks(fromS, toS, plotPx);
  const span = highlighted.value;
  const time = useMemo(() => ({ tS: evidence.tS, ticks, heldBack: heldBack(evidence.windows), highlighted: span, over: findings.map(secondsOver), chosenOver: span === null ? null : secondsOver(span), noData: say('plot.no.data') }), [evidence, findings, span, widthPx, language.value]);
  useMomentOnMap(evidence, shownS);
  useEvidenceKeys(findings, { fromS, toS });
  const leftOf = (tS: number): string => `${look.axisPx + ((tS - fromS) / Math.max(1, toS - fromS)) * plotPx}px`;
  const timeAt = (event: MouseEvent): number => within(fromS + ((event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - look.axisPx) / plotPx) * (toS - fromS), { fromS, toS });
  return (
    <section class="plots card" aria-labelledby="plots-title">
      <h2 id="plots-title">{say('plot.title')}</h2>
      <FindingList findings={findings} zone={zone} />
      <FindingSentence finding={span} zone={zone} />
      <p class="plot-readout number" aria-hidden="true">{momentText(evidence, shownS, zone)}</p>
      <div class="plot-stack" ref={box} role="slider" tabIndex={0} aria-label={say('plot.slider')} aria-valuemin={0} aria-valuemax={Math.round(toS - fromS)}
        aria-valuenow={Math.round(atS - fromS)} aria-valuetext={momentText(evidence, atS, zone)}
        onKeyDown={(event) => walk(event, { fromS, toS })}
        onPointerMove={(event) => { setPointedS(timeAt(event)); if (event.buttons === 1 && event.pointerType !== 'touch') momentS.value = timeAt(event); }}
        onPointerLeave={() => setPointedS(null)}
        onClick={(event) => { momentS.value = timeAt(event); }}>
        <div class="plot-inner">
          {widthPx > 0 && strips.map((strip) => <PlotStrip key={strip.id} strip={strip} time={time} look={look} />)}
          <p class="plot-times" aria-hidden="true">{ticks.map((tS) => <span key={tS} style={{ left: leftOf(tS) }}>{clockText(tS, zone, needSeconds(ticks) ? 'seconds' : 'minutes')}</span>)}</p>
          <span class="plot-cursor" style={{ left: leftOf(atS) }} />
          {pointedS !== null && <span class="plot-cursor pointed" style={{ left: leftOf(pointedS) }}><b>{clockText(pointedS, zone)}</b></span>}
        </div>
      </div>
      {findings.length > 0 && <p class="muted small">{say('plot.marks')}</p>}
      <EvidenceTable evidence={evidence} zone={zone} />
    </section>
  );
}

interface Ends {
  readonly fromS: number;
  readonly toS: number;
}

function within(tS: number, { fromS, toS }: Ends): number {
  return Math.min(toS, Math.max(fromS, tS));
}

function step(byS: number, ends: Ends): void {
  momentS.value = within(Math.round((momentS.peek() ?? ends.fromS) + byS), ends);
}

function walk(event: KeyboardEvent, ends: Ends): void {
  const stride = event.shiftKey ? LEAP_S : STEP_S;
  if (event.key === 'ArrowRight' || event.key === 'ArrowUp') step(stride, ends);
  else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') step(-stride, ends);
  else if (event.key === 'PageUp') step(LEAP_S, ends);
  else if (event.key === 'PageDown') step(-LEAP_S, ends);
  else if (event.key === 'Home') momentS.value = ends.fromS;
  else if (event.key === 'End') momentS.value = ends.toS;
  else return;
  event.preventDefault();
}

function useEvidenceKeys(findings: readonly Finding[], ends: Ends): void {
  const turn = (by: 1 | -1): void => {
    const at = highlighted.peek() === null ? -1 : findings.indexOf(highlighted.peek()!);
    const next = findings[at < 0 ? (by > 0 ? 0 : findings.length - 1) : (at + by + findings.length) % findings.length];
    if (next !== undefined) highlight(next);
  };
  useKeys([
    { keys: ['n'], words: 'keys.evidence.next', run: () => turn(1) },
    { keys: ['p'], words: 'keys.evidence.previous', run: () => turn(-1) },
    { keys: ['.'], words: 'keys.second.next', run: () => step(STEP_S, ends) },
    { keys: [','], words: 'keys.second.previous', run: () => step(-STEP_S, ends) },
  ], [findings, ends.fromS, ends.toS]);
}

function useMomentOnMap(evidence: EvidenceAnswer, atS: number): void {
  const map = street.value;
  const span = highlighted.value;
  useEffect(() => map?.fill(OVERLAYS.moment, momentOnMap(evidence, atS, span)), [map, evidence, atS, span]);
  useEffect(() => () => map?.fill(OVERLAYS.moment, { type: 'FeatureCollection', features: [] }), [map]);
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (box.current === null) return undefined;
    const watching = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watching.observe(box.current);
    return () => watching.disconnect();
  }, []);
  return width;
}

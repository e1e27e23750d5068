import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { CaseAnswer, EvidenceAnswer } from '../answers.ts';
import { useAsked } from '../asked.ts';
import { caseTrack, wayOf } from '../case-track.ts';
import { besideCase } from '../desk.ts';
import { findingsOfCase } from '../findings.ts';
import { useMomentFollowed } from '../follow-moment.ts';
import { useKeys } from '../keys.ts';
import { go } from '../navigation.ts';
import { useZone } from '../place-zone.ts';
import { say } from '../words.ts';
import { CaseFilm } from './case-film.tsx';
import { CaseHead } from './case-head.tsx';
import { CaseList } from './case-list.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { EvidencePlots } from './evidence-plots.tsx';
import { TrackMap } from './track-map.tsx';
import { UndoStrip } from './undo-strip.tsx';

const FILM_MS = 450;

/** A case with everything there is to see of it, and the decision; nothing here says who drove, or what others decided. */
export function CaseDesk({ found }: { readonly found: CaseAnswer }): JSX.Element {
  const { frames } = found;
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const { answer: evidence } = useAsked<EvidenceAnswer>(`/api/review/${found.id}/evidence`);
  const zone = useZone(frames) ?? 'UTC';
  const timesS = useMemo(() => frames.map(({ atS }) => atS), [frames]);
  const track = useMemo(() => caseTrack(frames), [frames]);
  const way = useMemo(() => wayOf(evidence), [evidence]);
  const findings = useMemo(() => findingsOfCase(found, evidence?.windows ?? []), [found, evidence]);
  const choose = (index: number): void => setAt(Math.min(frames.length - 1, Math.max(0, index)));
  useMomentFollowed(timesS, at, setAt);
  useFilm({ playing, setPlaying, at, setAt, frames: frames.length });
  const turn = (by: 1 | -1): void => {
    const next = besideCase(found.id, by);
    if (next !== null && next.id !== found.id) go({ page: 'case', id: next.id });
  };
  useKeys([
    { keys: ['j'], words: 'keys.case.next', run: () => turn(1) },
    { keys: ['k'], words: 'keys.case.previous', run: () => turn(-1) },
    { keys: [' '], words: 'keys.film', run: () => setPlaying(!playing) },
    { keys: ['ArrowRight', 'PageDown'], words: 'keys.case.picture.next', run: () => choose(at + 1) },
    { keys: ['ArrowLeft', 'PageUp'], words: 'keys.case.picture.previous', run: () => choose(at - 1) },
  ], [found, at, playing]);
  return (
    <div class="desk">
      <main id="main" class="case-page">
        <CaseHead found={found} zone={zone} />
        <div class="case-view">
          <div class="case-seen">
            <CaseFilm frames={frames} at={at} choose={choose} playing={playing} play={setPlaying} zone={zone} />
            <TrackMap frames={track} chosen={track[at] ?? null} choose={(path) => choose(Number(path ?? 0))} way={way} label={say('map.label.case')} />
          </div>
          {evidence === null && <div class="skeleton tall" />}
          {evidence !== null && evidence.tS.length > 1 && <EvidencePlots evidence={evidence} findings={findings} zone={zone} />}
        </div>
        <DecisionBar found={found} />
      </main>
      <aside class="desk-side" aria-labelledby="waiting-title">
        <h2 id="waiting-title"><a href="/review">{say('page.review')}</a></h2>
        <UndoStrip />
        <CaseList current={found.id} />
      </aside>
    </div>
  );
}

interface Film {
  readonly playing: boolean;
  readonly setPlaying: (playing: boolean) => void;
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly frames: number;
}

function useFilm({ playing, setPlaying, at, setAt, frames }: Film): void {
  useEffect(() => {
    if (!playing) return undefined;
    if (at >= frames - 1) {
      setPlaying(false);
      return undefined;
    }
    const soon = setTimeout(() => setAt(at + 1), FILM_MS);
    return () => clearTimeout(soon);
  }, [playing, at]);
}

import type { JSX } from 'preact';
import type { DriveSummary } from '../answers.ts';
import { reasonWords } from '../reasons.ts';
import { say } from '../words.ts';

/** What was noted while the files of a drive were read; nothing of it is a fault of a frame. */
export function Notes({ notes }: { readonly notes: DriveSummary['notes'] }): JSX.Element | null {
  if (notes.length === 0) return null;
  const lines = new Map<string, { sentence: string; remedy: string | null; times: number }>();
  for (const { code, detail } of notes) {
    const { sentence, remedy } = reasonWords(code, detail);
    lines.set(sentence, { sentence, remedy, times: (lines.get(sentence)?.times ?? 0) + 1 });
  }
  return (
    <section class="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">{say('drive.notes')}</h2>
      <ul class="reasons">
        {[...lines.values()].map(({ sentence, remedy, times }) => (
          <li key={sentence}><p>{sentence}{times > 1 && <> ({say('drive.notes.count', { count: times })})</>}</p>{remedy !== null && <p class="muted">{remedy}</p>}</li>
        ))}
      </ul>
    </section>
  );
}

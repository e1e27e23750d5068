import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { passes } from '../coverage-style.ts';
import { amendMap } from '../navigation.ts';
import { classOf } from '../ramp.ts';
import type { MapQuery } from '../route.ts';
import { cellsInView, config, isSettled, lookOf, reloadConfig, street, tileTrouble } from '../street.ts';
import { say } from '../words.ts';

/** Says why nothing is on the map, and what brings something onto it. */
export function EmptyNote({ query }: { readonly query: MapQuery }): JSX.Element | null {
  useFirstCoverage();
  const cells = cellsInView.value;
  const map = street.value;
  if (!isSettled.value || map === null || tileTrouble.value !== null) return null;
  if (cells.length > 0) {
    const look = lookOf(query);
    const shown = cells.filter((cell) => passes(cell, look) && !query.off.includes(classOf(cell, query.by, look.ramp))).length;
    if (shown > 0) return null;
    return (
      <p class="empty-note card">{say('map.empty.filter', { shown, cells: cells.length })}{' '}
        <button class="link" onClick={() => amendMap({ since: null, quality: null, off: [] }, 'step')}>{say('map.empty.clear')}</button>
      </p>
    );
  }
  const bounds = config.value?.bounds ?? null;
  if (bounds === null) return config.value === null ? null : <p class="empty-note card">{say('map.empty.network')}</p>;
  return (
    <p class="empty-note card">{say('map.empty')}{' '}
      <button class="link" onClick={() => map.fit(bounds)}>{say('map.empty.go')}</button>
    </p>
  );
}

const LOOK_AGAIN_MS = 3000;

// A network that has just begun fills while one looks: its first drive is shown when it is there.
function useFirstCoverage(): void {
  const about = config.value;
  const waits = about === null || about.bounds === null;
  useEffect(() => {
    if (!waits) return undefined;
    const again = setInterval(() => void reloadConfig(), LOOK_AGAIN_MS);
    return () => clearInterval(again);
  }, [waits]);
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { street, tileTrouble } from '../street.ts';
import { say } from '../words.ts';

const RETRY_S = 8;

/** Says that tiles could not be loaded, and when they will be asked for again; what is drawn stays. */
export function TileStrip(): JSX.Element | null {
  const status = tileTrouble.value;
  const [left, setLeft] = useState(RETRY_S);
  useEffect(() => {
    if (status === null) return undefined;
    if (left <= 0) {
      retry();
      setLeft(RETRY_S);
      return undefined;
    }
    const soon = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(soon);
  }, [status, left]);
  if (status === null) return null;
  return (
    <div class="strip" role="alert">
      <p>{status === 0 ? say('map.trouble.offline') : say('map.trouble', { status: String(status) })} <span class="seconds">{say('map.trouble.again', { seconds: left })}</span></p>
      <button class="quiet" onClick={() => { setLeft(RETRY_S); retry(); }}>{say('map.trouble.now')}</button>
    </div>
  );
}

function retry(): void {
  tileTrouble.value = null;
  street.peek()?.retry();
}

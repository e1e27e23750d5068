import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FrameAnswer } from '../answers.ts';
import { askForPicture, Refused } from '../api.ts';
import { dayText } from '../dates.ts';
import { octantOf } from '../quantities.ts';
import { token } from '../session.ts';
import { say } from '../words.ts';
import { statusOf } from '../status.ts';

/** A picture of the server. Whoever is signed in may see what the public does not, and an `<img>` cannot send a token. */
export function Picture({ url, alt }: { readonly url: string | null; readonly alt: string }): JSX.Element {
  const shown = useAddress(url);
  if (shown === 'withheld' || url === null) return <span class="no-thumb">{say('frame.not.published.short')}</span>;
  if (shown === 'failed') return <span class="no-thumb">{say('frame.picture.failed')}</span>;
  return shown === null ? <span class="no-thumb skeleton" /> : <img src={shown} alt={alt} draggable={false} />;
}

/** What a screen reader hears of a frame. */
export function altOf(frame: Pick<FrameAnswer, 'headingDeg' | 'capturedOn' | 'state'>): string {
  const fields = { day: frame.capturedOn === null ? say('unknown') : dayText(frame.capturedOn), status: say(`status.${statusOf(frame.state)}`) };
  return frame.headingDeg === null
    ? say('frame.alt.unheaded', fields)
    : say('frame.alt', { ...fields, heading: say(`compass.${octantOf(frame.headingDeg)}.long`) });
}

function useAddress(url: string | null): string | null {
  const [shown, setShown] = useState<{ url: string; address: string } | null>(null);
  const signedIn = token.value !== null;
  useEffect(() => {
    if (url === null || !signedIn) return undefined;
    const leaving = new AbortController();
    let address: string | null = null;
    const load = async (): Promise<void> => {
      try {
        address = await askForPicture(url, { signal: leaving.signal });
        setShown({ url, address });
      } catch (error) {
        if (error instanceof Refused) setShown({ url, address: error.status === 202 ? 'withheld' : 'failed' });
      }
    };
    void load();
    return () => {
      leaving.abort();
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [url, signedIn]);
  if (!signedIn) return url;
  return shown?.url === url ? shown.address : null;
}

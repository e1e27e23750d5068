import type { JSX, RefObject } from 'preact';
import type { RejectReason } from '../../shared/model/review.ts';
import { say } from '../words.ts';

interface RejectReasonsProps {
  readonly panel: RefObject<HTMLFieldSetElement | null>;
  readonly known: readonly RejectReason[];
  readonly chosen: readonly RejectReason[];
  readonly toggle: (reason: RejectReason) => void;
}

/** Why a case is rejected: its contributor will read it. */
export function RejectReasons({ panel, known, chosen, toggle }: RejectReasonsProps): JSX.Element {
  return (
    <fieldset class="reject-reasons" ref={panel} tabIndex={-1}>
      <legend>{say('desk.why')}</legend>
      <div>
        {known.map((reason, index) => (
          <label key={reason} class="tick">
            <input type="checkbox" checked={chosen.includes(reason)} onChange={() => toggle(reason)} />
            <span><kbd>{index + 1}</kbd>{say(`desk.why.${reason}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

import cliProgress from 'cli-progress';
import type { Progress } from './workers.ts';

/** A bar on the terminal, where there is one; else nothing, so that logs stay readable. */
export function progressBar(): Progress & { readonly stop: () => void } {
  const bar = new cliProgress.SingleBar({ format: '{bar} {value} of {total} stretches, {duration_formatted}', stream: process.stderr, clearOnComplete: true, hideCursor: true, etaBuffer: 200 }, cliProgress.Presets.shades_classic);
  let planned = 0;
  bar.start(0, 0);
  return {
    planned: (count) => {
      planned += count;
      bar.setTotal(planned);
    },
    done: () => bar.increment(),
    stop: () => bar.stop(),
  };
}

import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^wayproof-tests-(\d+)-/;

/**
 * One temporary folder for all that a run of the tests makes, whatever becomes of them: it goes with the run, and what
 * a run left that was killed goes with the next. Workers and what they start inherit it as TMPDIR.
 */
export function setup(): () => void {
  const outer = tmpdir();
  for (const name of readdirSync(outer)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(outer, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(outer, `wayproof-tests-${process.pid}-`));
  // As /tmp itself: databases of other users are in it too.
  chmodSync(folder, 0o1777);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    const left = readdirSync(folder).filter((name) => name.startsWith('wayproof-'));
    if (left.length > 0) console.warn(`tests left behind, and it was removed: ${left.join(', ')}`);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** Debian's chromium brings a Vulkan in software and the loader for it. */
const SOFTWARE_VULKAN = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib/chromium-browser/vk_swiftshader_icd.json'].find((file) => existsSync(file));
if (SOFTWARE_VULKAN === undefined) console.warn('skipped: no vk_swiftshader_icd.json, which Debian\'s chromium package brings');

async function saidBy(provider: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly provider: string; readonly odds: readonly number[] }> {
  const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsx'), ['tests/validate/run-provider.ts', provider], { cwd: ROOT, env: { ...process.env, ...env } });
  return JSON.parse(stdout) as { provider: string; odds: number[] };
}

test.skipIf(SOFTWARE_VULKAN === undefined)('WebGPU, without any fallback to the CPU, says what the CPU says', async () => {
  const graphics = await saidBy('webgpu', { VK_ICD_FILENAMES: SOFTWARE_VULKAN!, LD_LIBRARY_PATH: dirname(SOFTWARE_VULKAN!) });
  const processor = await saidBy('cpu');
  expect([graphics.provider, processor.provider]).toEqual(['webgpu', 'cpu']);
  const difference = Math.max(...graphics.odds.map((odds, n) => Math.abs(odds - processor.odds[n]!)));
  console.warn(`largest difference between WebGPU and CPU: ${difference.toExponential(1)}`);
  expect(difference).toBeLessThan(1e-3);
});

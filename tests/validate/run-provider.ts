import { fileURLToPath } from 'node:url';
import { makeRandom } from '../../fixtures/random.ts';
import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { openNet } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import type { ProviderChoice } from '../../validate/provider.ts';

const WINDOWS = 64;

/** `tsx tests/validate/run-provider.ts webgpu`: what the shipped net says of a batch of noise on that provider, as JSON. */
async function run(choice: ProviderChoice): Promise<void> {
  const net = await openNet(await readModel(OWN_MODEL), { choice });
  const random = makeRandom(3, 'provider');
  const odds = await net.ask(Float32Array.from({ length: WINDOWS * NET_CHANNELS * NET_SECONDS }, () => random.normal()), WINDOWS);
  process.stdout.write(JSON.stringify({ provider: net.provider, odds: [...odds] }));
  await net.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run((process.argv[2] ?? 'auto') as ProviderChoice);
